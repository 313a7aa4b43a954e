"""Somebody who writes and somebody who reads, through the proxy and over TLS, as people do."""

import http.client
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from homeport.ops import process
from tests.stack.containers.project import Project

NAME, PASSWORD = "ada", "seven quiet lanterns"
ANSWER_SECONDS = 8.0
# The first of them may come while the site is still loading what only authors need.
SIGN_IN_SECONDS = 60.0
PAUSE_SECONDS = 0.1
BOUNDARY = "a-line-that-no-file-has"


class Author:
    """Signs in once and writes drafts; remembers what was acknowledged."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.cookie = ""
        self.acknowledged: list[str] = []
        self.tried = 0

    def sign_up(self) -> None:
        """Get an account from the command line, and a cookie from the door."""
        self.project.homeport("user", "add", NAME, "--password-stdin", given=f"{PASSWORD}\n")
        self.sign_in()

    def sign_in(self) -> None:
        """Come in through the door."""
        answer = self.post("/account/sign-in", {"name": NAME, "password": PASSWORD}, seconds=SIGN_IN_SECONDS)
        assert answer.status == 303, answer
        self.cookie = answer.headers["Set-Cookie"].partition(";")[0]

    def write(self) -> bool:
        """Write one draft; say whether it was acknowledged."""
        self.tried += 1
        title = f"{self.project.name} {self.tried}"
        try:
            answer = self.post("/studio/entries", {"title": title, "source": "Kept."})
        except OSError:
            return False
        if answer.status == 201:
            self.acknowledged.append(title)
        return answer.status == 201

    def upload(self, data: bytes) -> str:
        """Add a picture to the library; return where it is served."""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        answer = self._ask(
            "POST",
            "/studio/media",
            f"{head}".encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode(),
            f"multipart/form-data; boundary={BOUNDARY}",
        )
        assert answer.status == 200, answer
        path: str = json.loads(answer.body)[0]["path"]
        return path

    def post(self, path: str, form: dict[str, str], *, seconds: float = ANSWER_SECONDS) -> "Answer":
        """Send a form from a page of the site."""
        body = urlencode(form).encode()
        return self._ask("POST", path, body, "application/x-www-form-urlencoded", seconds=seconds)

    def get(self, path: str, **headers: str) -> "Answer":
        """Read a page."""
        return self._ask("GET", path, None, "", **headers)

    def reads(self, path: str = "/") -> bool:
        """Say whether a page comes."""
        try:
            return self.get(path).status == 200
        except OSError:
            return False

    def missing(self) -> set[str]:
        """Return what was acknowledged and is not in the database."""
        entries = json.loads(self.project.homeport("list", "--json"))
        return set(self.acknowledged) - {entry["title"] for entry in entries}

    def _ask(
        self, method: str, path: str, body: bytes | None, kind: str, *, seconds: float = ANSWER_SECONDS, **extra: str
    ) -> "Answer":
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection("127.0.0.1", self.project.https_port, timeout=seconds, context=context)
        headers = {"Host": "localhost", "Accept": "application/json", "Sec-Fetch-Site": "same-origin", **extra}
        if body is not None:
            headers["Content-Type"] = kind
        if self.cookie:
            headers["Cookie"] = self.cookie
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass
class Traffic:
    """Writes and reads that go on while something happens."""

    author: Author
    writes: list[tuple[float, bool]] = field(default_factory=list)
    reads: list[tuple[float, bool]] = field(default_factory=list)
    _is_over: threading.Event = field(default_factory=threading.Event)

    def recovered_after(self, since: float, *, seconds: float) -> float:
        """Wait until writes and reads have gone well for a while; return how long after `since` the last one failed."""
        deadline = time.monotonic() + seconds
        assert process.wait_until(lambda: self._goes_well(3), deadline - time.monotonic()), self.author.project.logs()
        bad = [at for at, is_good in (*self.writes, *self.reads) if at >= since and not is_good]
        good = [at for at, is_good in self.writes if is_good and at > max(bad, default=since)]
        return good[0] - since if bad else 0.0

    def failed(self, kind: str, since: float) -> int:
        """Count what failed."""
        return sum(not is_good for at, is_good in getattr(self, kind) if at >= since)

    def _goes_well(self, seconds: float) -> bool:
        since = time.monotonic() - seconds
        recent = [is_good for at, is_good in (*self.writes, *self.reads) if at >= since]
        return len(recent) >= 10 and all(recent)

    def _write(self) -> None:
        while not self._is_over.is_set():
            is_good = self.author.write()
            self.writes.append((time.monotonic(), is_good))
            time.sleep(PAUSE_SECONDS)

    def _read(self) -> None:
        while not self._is_over.is_set():
            is_good = self.author.reads()
            self.reads.append((time.monotonic(), is_good))
            time.sleep(PAUSE_SECONDS)

    @contextmanager
    def flowing(self) -> Iterator["Traffic"]:
        """Write and read until the block ends."""
        threads = [threading.Thread(target=work, daemon=True) for work in (self._write, self._read)]
        for thread in threads:
            thread.start()
        try:
            assert process.wait_until(lambda: self._goes_well(2), 30), self.author.project.logs()
            yield self
        finally:
            self._is_over.set()
            for thread in threads:
                thread.join(ANSWER_SECONDS + 5)
