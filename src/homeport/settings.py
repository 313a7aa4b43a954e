"""Everything that differs between two installations, read from the environment once, typed, and refused as a whole."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from homeport import values
from homeport.errors import SettingsError

T = TypeVar("T")
Parser = Callable[[str], Any]

OWN_PREFIX = "HOMEPORT_"


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: its default as it would be written in `.env`, and the sentence that documents it."""

    name: str
    help: str
    default: str | None = None
    example: str = ""
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where PostgreSQL is; an empty `uri` means that `homeport up` starts its own."""

    uri: str
    statement_timeout_seconds: int


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How Gunicorn listens and how much it accepts."""

    host: str
    port: int
    workers: int
    threads: int
    request_max_bytes: int
    metrics_host: str
    metrics_port: int
    worker: str
    has_page_store: bool


@dataclass(frozen=True, slots=True)
class LogSettings:
    """How log lines look and which are written."""

    format: str
    level: str


@dataclass(frozen=True, slots=True)
class PathSettings:
    """Folders on this host; `cache` may be deleted at any time, `data` may not."""

    data: Path
    cache: Path
    theme: Path | None


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """Bounds of what may be stored as media."""

    max_bytes: int


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mail leaves; without `host` none is written."""

    host: str
    port: int
    user: str
    password: str
    security: str
    sender: str


@dataclass(frozen=True, slots=True)
class BucketSettings:
    """An S3-compatible bucket for copies of archives; without `name` there is none."""

    endpoint: str
    name: str
    region: str
    key_id: str
    secret: str
    prefix: str
    is_private: bool


@dataclass(frozen=True, slots=True)
class BackupSettings:
    """Where archives go and what they hold beside the database."""

    folder: Path
    copy_folder: Path | None
    bucket: BucketSettings
    include: tuple[Path, ...]
    is_nightly: bool
    has_log: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration of one installation."""

    db: DatabaseSettings
    server: ServerSettings
    logs: LogSettings
    paths: PathSettings
    media: MediaSettings
    mail: MailSettings
    backup: BackupSettings
    jobs: str
    secret_key: str
    site_url: str
    trusted_proxies: tuple[str, ...]
    environment: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str], *, needs: tuple[str, ...] = ()) -> "Settings":
        """Read the variables of `VARIABLES`; `needs` names those that must be set for what is about to run.

        Raises SettingsError with every fault at once.
        """
        reader = _Reader(environ)
        settings = _read(reader)
        reader.refuse_missing(needs)
        reader.refuse_unknown()
        if reader.problems:
            raise SettingsError(reader.problems)
        return settings

    def replace(self, **changes: Any) -> "Settings":
        """Return a copy with whole sections exchanged; for tests and for the commands that override one value."""
        return dataclasses.replace(self, **changes)


VARIABLES = (
    Variable(
        "DB_URI",
        "Address of the PostgreSQL server (15 to 18). Empty: `bin/up` starts its own in the data folder. "
        "`postgres://` and `postgresql://` mean psycopg2.",
        default="",
        example="postgresql://blog:secret@postgres:5432/blog",
        is_secret=True,
    ),
    Variable(
        "FLASK_KEY",
        "Secret that signs what the site hands out; at least 16 characters. `bin/up` makes one in the data folder.",
        example="the output of: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
        is_secret=True,
    ),
    Variable("FLASK_ENV", "A label for this installation, shown in logs; it switches nothing.", default="production"),
    Variable("POSTGRES_USER", "Read by the database container; accepted here so that one `.env` serves both."),
    Variable("POSTGRES_PASSWORD", "Read by the database container; not used by the site.", is_secret=True),
    Variable("POSTGRES_DB", "Read by the database container; not used by the site."),
    Variable(
        "SITE_URL",
        "Public address of the site. Set: wins over the address stored in the site's settings. "
        "Neither set: links are relative.",
        default="",
        example="https://example.org",
    ),
    Variable(
        "TRUSTED_PROXIES",
        "Comma-separated addresses, networks or host names whose forwarded headers are believed (last hop only), "
        "`X-Request-Id` among them. Empty: forwarded headers are ignored.",
        default="",
        example="172.16.0.0/12, nginx-proxy-manager",
    ),
    Variable("HOST", "Address to listen on.", default="127.0.0.1"),
    Variable("PORT", "Port to listen on.", default="5000"),
    Variable("METRICS_PORT", "Port of `/metrics` for Prometheus, never the site's own. 0: none.", default="0"),
    Variable(
        "METRICS_HOST",
        "Address or name of this machine where `/metrics` listens beside loopback; it is nobody's business but yours.",
        default="127.0.0.1",
    ),
    Variable("WEB_WORKERS", "Gunicorn worker processes, 1 to 64.", default="2"),
    Variable("WEB_THREADS", "Threads of each worker, 1 to 64.", default="4"),
    Variable(
        "WEB_WORKER",
        "`homeport`: stored pages are answered at once, and slow clients hold no thread; "
        "`gthread`: Gunicorn's own worker.",
        default="homeport",
    ),
    Variable("PAGE_STORE", "`on`: public pages are rendered once for each change; `off`: each time.", default="on"),
    Variable("LOG_FORMAT", "`console` for people, `json` for machines.", default="console"),
    Variable("LOG_LEVEL", "`debug`, `info`, `warning` or `error`.", default="info"),
    Variable("DATA_DIR", "Folder of everything this host keeps: database, generated secrets, logs.", default="./data"),
    Variable("CACHE_DIR", "Folder that may be deleted at any time; by default `cache` in the data folder.", default=""),
    Variable(
        "THEME_DIR",
        "Folder of templates and style sheets that go before the built-in ones (docs/themes.md).",
        default="",
    ),
    Variable("MEDIA_MAX_BYTES", "Largest media file that is accepted, in bytes.", default="26214400"),
    Variable("REQUEST_MAX_BYTES", "Largest request body that is accepted, in bytes.", default="33554432"),
    Variable("DB_STATEMENT_TIMEOUT_SECONDS", "Longest time one SQL statement of a request may take.", default="15"),
    Variable(
        "JOBS",
        "Who does what requests leave behind, such as mail and smaller pictures: `inline` a process beside the web "
        "server, `separate` one that you start with `homeport jobs`, `off` nobody.",
        default="inline",
    ),
    Variable(
        "BACKUPS",
        "`nightly`: every night an archive is made and proven by restoring it; `off`: only by hand.",
        "nightly",
    ),
    Variable(
        "BACKUP_LOG",
        "`on`: `homeport backup watch` also keeps the log of the database, if that is set up as in our compose file.",
        default="off",
    ),
    Variable("BACKUP_DIR", "Folder of the archives; by default `backups` in the data folder.", default=""),
    Variable(
        "BACKUP_COPY_DIR",
        "A second folder for the same archives, on another disk or another machine. Empty: none.",
        default="",
    ),
    Variable(
        "BACKUP_BUCKET_ENDPOINT",
        "Address of an S3-compatible service that keeps a copy of each archive, too.",
        default="",
        example="https://s3.eu-central-1.amazonaws.com",
    ),
    Variable("BACKUP_BUCKET", "The bucket there. Empty: none.", default=""),
    Variable("BACKUP_BUCKET_REGION", "The region that the service says it is in.", default="us-east-1"),
    Variable("BACKUP_BUCKET_KEY_ID", "Name of the key that may read, write and delete in the bucket.", default=""),
    Variable(
        "BACKUP_BUCKET_SECRET",
        "The secret half of that key; by default what is in `secrets/backup_bucket_secret` of the data folder.",
        default="",
        is_secret=True,
    ),
    Variable("BACKUP_BUCKET_PREFIX", "What the names in the bucket begin with.", default="", example="homeport/"),
    Variable(
        "BACKUP_BUCKET_PRIVATE",
        "`on`: the service may be in the private network, and may be asked without TLS, such as a MinIO at home.",
        default="off",
    ),
    Variable(
        "BACKUP_INCLUDE",
        "Comma-separated folders that belong into an archive, such as those of the proxy in front.",
        default="",
        example="/srv/npm_data, /srv/npm_letsencrypt",
    ),
    Variable("SMTP_HOST", "Server that takes mail. Empty: no mail is sent.", default="", example="smtp.example.org"),
    Variable("SMTP_PORT", "Its port: usually 587 for `starttls`, 465 for `tls`, 25 for `none`.", default="587"),
    Variable("SMTP_SECURITY", "`starttls`, `tls` or `none`.", default="starttls"),
    Variable("SMTP_USER", "Name to sign in there with. Empty: without signing in.", default=""),
    Variable("SMTP_PASSWORD", "The password that belongs to the name.", default="", is_secret=True),
    Variable("MAIL_FROM", "Address that mail comes from.", default="", example="blog@example.org"),
)

_BY_NAME = {variable.name: variable for variable in VARIABLES}


def _read(reader: "_Reader") -> Settings:
    data = reader.get("DATA_DIR", values.path)
    cache = reader.get("CACHE_DIR", values.optional_path)
    return Settings(
        db=DatabaseSettings(
            uri=reader.get("DB_URI", values.database_uri),
            statement_timeout_seconds=reader.get("DB_STATEMENT_TIMEOUT_SECONDS", values.between(1, 3600)),
        ),
        server=ServerSettings(
            host=reader.get("HOST", str),
            port=reader.get("PORT", values.between(1, 65535)),
            workers=reader.get("WEB_WORKERS", values.between(1, 64)),
            threads=reader.get("WEB_THREADS", values.between(1, 64)),
            request_max_bytes=reader.get("REQUEST_MAX_BYTES", values.between(1024, 2**31)),
            metrics_host=reader.get("METRICS_HOST", values.host),
            metrics_port=reader.get("METRICS_PORT", values.between(0, 65535)),
            worker=reader.get("WEB_WORKER", values.one_of("homeport", "gthread")),
            has_page_store=reader.get("PAGE_STORE", values.one_of("on", "off")) == "on",
        ),
        logs=LogSettings(
            format=reader.get("LOG_FORMAT", values.one_of("console", "json")),
            level=reader.get("LOG_LEVEL", values.one_of("debug", "info", "warning", "error")),
        ),
        paths=PathSettings(data=data, cache=cache or data / "cache", theme=reader.get("THEME_DIR", values.theme)),
        media=MediaSettings(max_bytes=reader.get("MEDIA_MAX_BYTES", values.between(1024, 2**30))),
        mail=_read_mail(reader),
        backup=_read_backup(reader, data),
        jobs=reader.get("JOBS", values.one_of("inline", "separate", "off")),
        secret_key=reader.get("FLASK_KEY", values.secret_key),
        site_url=reader.get("SITE_URL", values.origin),
        trusted_proxies=reader.get("TRUSTED_PROXIES", values.proxies),
        environment=reader.get("FLASK_ENV", str),
    )


def _read_mail(reader: "_Reader") -> MailSettings:
    mail = MailSettings(
        host=reader.get("SMTP_HOST", values.host),
        port=reader.get("SMTP_PORT", values.between(1, 65535)),
        user=reader.get("SMTP_USER", str),
        password=reader.get("SMTP_PASSWORD", str),
        security=reader.get("SMTP_SECURITY", values.one_of("starttls", "tls", "none")),
        sender=reader.get("MAIL_FROM", values.mail_address),
    )
    if mail.host and not mail.sender:
        reader.problems.append(
            "MAIL_FROM is not set; mail needs an address it comes from, for example blog@example.org."
        )
    return mail


def _read_backup(reader: "_Reader", data: Path) -> BackupSettings:
    return BackupSettings(
        folder=reader.get("BACKUP_DIR", values.optional_path) or data / "backups",
        copy_folder=reader.get("BACKUP_COPY_DIR", values.optional_path),
        bucket=_read_bucket(reader),
        include=reader.get("BACKUP_INCLUDE", values.paths),
        is_nightly=reader.get("BACKUPS", values.one_of("nightly", "off")) == "nightly",
        has_log=reader.get("BACKUP_LOG", values.one_of("on", "off")) == "on",
    )


def _read_bucket(reader: "_Reader") -> BucketSettings:
    bucket = BucketSettings(
        endpoint=reader.get("BACKUP_BUCKET_ENDPOINT", values.origin),
        name=reader.get("BACKUP_BUCKET", values.bucket),
        region=reader.get("BACKUP_BUCKET_REGION", values.host),
        key_id=reader.get("BACKUP_BUCKET_KEY_ID", str),
        secret=reader.get("BACKUP_BUCKET_SECRET", str),
        prefix=reader.get("BACKUP_BUCKET_PREFIX", values.object_prefix),
        is_private=reader.get("BACKUP_BUCKET_PRIVATE", values.one_of("on", "off")) == "on",
    )
    if bucket.name and not (bucket.endpoint and bucket.key_id):
        reader.problems.append("BACKUP_BUCKET needs BACKUP_BUCKET_ENDPOINT and BACKUP_BUCKET_KEY_ID; set them, too.")
    if bucket.endpoint.startswith("http://") and not bucket.is_private:
        reader.problems.append(
            "BACKUP_BUCKET_ENDPOINT is asked without TLS; write https://, or BACKUP_BUCKET_PRIVATE=on for one at home."
        )
    return bucket


class _Reader:
    """Reads one variable after the other and remembers what was wrong with each."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def get(self, name: str, parse: Callable[[str], T]) -> T:
        variable = _BY_NAME[name]
        text = self._text(variable)
        try:
            return parse(text)
        except ValueError as error:
            self.problems.append(f"{name}: {error}")
            # The value is never used: the faults are raised before anyone sees the settings.
            return parse(variable.default or "")

    def _text(self, variable: Variable) -> str:
        text = self.environ.get(variable.name, "").strip()
        file = self.environ.get(f"{variable.name}_FILE", "").strip() if variable.is_secret else ""
        if text and file:
            self.problems.append(f"{variable.name} and {variable.name}_FILE are both set; keep one of them.")
        if file:
            return self._secret(variable.name, Path(file))
        return text or variable.default or ""

    def _secret(self, name: str, file: Path) -> str:
        try:
            text = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(f"{name}_FILE: cannot read {file} ({error}); make it readable or set {name}.")
            return ""
        if not text:
            self.problems.append(f"{name}_FILE: {file} is empty; write the secret into it.")
        return text

    def refuse_missing(self, names: tuple[str, ...]) -> None:
        for name in names:
            if not (self.environ.get(name, "").strip() or self.environ.get(f"{name}_FILE", "").strip()):
                variable = _BY_NAME[name]
                also = f" or {name}_FILE" if variable.is_secret else ""
                self.problems.append(f"{name} is not set; set {name}{also}, for example to {variable.example}.")

    def refuse_unknown(self) -> None:
        for name in sorted(self.environ):
            if name.startswith(OWN_PREFIX):
                guess = name.removeprefix(OWN_PREFIX)
                remedy = f"write {guess}" if guess in _BY_NAME else "remove it; docs/settings.md lists the settings"
                self.problems.append(f"{name} is not a setting; {remedy}.")
