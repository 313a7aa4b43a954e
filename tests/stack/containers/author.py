"""Somebody who writes and somebody who reads, through the proxy and over TLS, as people do."""

import http.client
import json
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from homeport.ops import process
from tests.stack.containers.contention import Contention
from tests.stack.containers.local import Local
from tests.stack.containers.project import Project

NAME, PASSWORD = "ada", "seven quiet lanterns"
ANSWER_SECONDS = 8.0
# The first of them may come while the site is still loading what only authors need.
SIGN_IN_SECONDS = 60.0
PAUSE_SECONDS = 0.1
GOOD_IN_A_ROW = 4
GOOD_SECONDS = 2.0
PATIENCE_SECONDS = 150.0
BOUNDARY = "a-line-that-no-file-has"


class Author:
    """Signs in once and writes drafts; remembers what was acknowledged."""

    def __init__(self, project: Project | Local, *, cookie: str = "", acknowledged: Iterable[str] = ()) -> None:
        self.project = project
        self.cookie = cookie
        self.acknowledged = list(acknowledged)
        self.tried = 0
        self.refusals: list[Answer] = []

    def sign_up(self) -> None:
        """Get an account from the command line, and a cookie from the door."""
        self.project.homeport("user", "add", NAME, "--password-stdin", given=f"{PASSWORD}\n")
        self.sign_in()

    def sign_in(self) -> None:
        """Come in through the door."""
        answer = self.post("/account/sign-in", {"name": NAME, "password": PASSWORD}, seconds=SIGN_IN_SECONDS)
        assert answer.status == 303, f"{answer}\n{self.project.logs()}"
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
        else:
            self.refusals.append(answer)
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

    def get(self, path: str, headers: dict[str, str] | None = None) -> "Answer":
        """Read a page."""
        return self._ask("GET", path, None, "", extra=headers)

    def reads(self, path: str = "/") -> bool:
        """Say whether a page comes."""
        try:
            return self.get(path).status == 200
        except OSError:
            return False

    def missing(self) -> set[str]:
        """Return what was acknowledged and is not in the database."""
        acknowledged = set(self.acknowledged)
        entries = json.loads(self.project.homeport("list", "--json"))
        return acknowledged - {entry["title"] for entry in entries}

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        kind: str,
        *,
        seconds: float = ANSWER_SECONDS,
        extra: dict[str, str] | None = None,
    ) -> "Answer":
        connection = self.project.connection(seconds)
        headers = {
            "Host": self.project.host,
            "Accept": "application/json",
            "Sec-Fetch-Site": "same-origin",
            **(extra or {}),
        }
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


@dataclass(frozen=True)
class Event:
    """One write or read: when it was asked for, when it was answered or given up, and whether it went well."""

    began: float
    ended: float
    is_write: bool
    is_good: bool


@dataclass
class Traffic:
    """Writes and reads that go on while something happens."""

    author: Author
    events: list[Event] = field(default_factory=list)
    contention: Contention = field(default_factory=Contention)
    _is_over: threading.Event = field(default_factory=threading.Event)

    def recovered_after(self, since: float) -> float:
        """Wait until all goes well again; return how long after `since` the first write of those good times was kept.

        Nought, if nobody has noticed anything.
        """
        now = time.monotonic()
        assert process.wait_until(lambda: self._has_settled(now), PATIENCE_SECONDS), self.author.project.logs()
        last_bad = self._last_bad(since)
        if last_bad is None:
            return 0.0
        return next(e.ended for e in self.events if e.is_write and e.is_good and e.ended > last_bad) - since

    def count(self, *, is_write: bool, is_good: bool, since: float = 0.0, until: float = math.inf) -> int:
        """Count the writes or the reads that went so."""
        wanted = (is_write, is_good)
        return sum((e.is_write, e.is_good) == wanted and since <= e.ended <= until for e in self.events)

    def _has_settled(self, since: float) -> bool:
        """Say whether several of each kind have gone well in a row, all of them begun after `since`."""
        after = self._last_bad(since) or since
        good = [event for event in self.events if event.began > after]
        writes = sum(event.is_write for event in good)
        return (
            min(writes, len(good) - writes) >= GOOD_IN_A_ROW
            and time.monotonic() - after >= GOOD_SECONDS
            and not self._last_bad(after)
        )

    def _last_bad(self, since: float) -> float | None:
        return max((e.ended for e in list(self.events) if e.ended > since and not e.is_good), default=None)

    def _go_on(self, act: Callable[[], bool], *, is_write: bool) -> None:
        while not self._is_over.is_set():
            began = time.monotonic()
            is_good = act()
            self.events.append(Event(began, time.monotonic(), is_write, is_good))
            time.sleep(PAUSE_SECONDS)

    @contextmanager
    def flowing(self) -> Iterator["Traffic"]:
        """Write and read until the block ends."""
        threads = [
            threading.Thread(target=self._go_on, args=[act], kwargs={"is_write": is_write}, daemon=True)
            for act, is_write in ((self.author.write, True), (self.author.reads, False))
        ]
        for thread in threads:
            thread.start()
        try:
            with self.contention.watched():
                self.recovered_after(time.monotonic())
                yield self
        finally:
            self._is_over.set()
            for thread in threads:
                thread.join(ANSWER_SECONDS + 5)
