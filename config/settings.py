"""Settings: everything the deployment decides, read from the environment once and checked as a whole."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import quote, urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent
SECRET_BYTES = 32
# Keys that stand in documents, examples and tests; long enough to pass for a secret, known to everybody.
KNOWN_SECRETS = ("change", "secret", "default", "example", "test-only")
TEST_SECRET = "test-only-" + "0" * SECRET_BYTES

Environment = Literal["demo", "production", "test", "development"]


class SettingsError(Exception):
    """The environment cannot be used. `problems` maps the name of each setting to what is wrong with it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        """Keep the problems; the message names every one of them, a line each, and shows no value."""
        self.problems = dict(problems)
        lines = [f"  {name}: {problem}" for name, problem in sorted(self.problems.items())]
        super().__init__("\n".join(["Palabre cannot start with these settings:", *lines]))


class Settings(BaseSettings):
    """One frozen value for the whole process. `from_environment` is the way in; tests pass keywords.

    The order of the fields matters: a default or a rule may look at the fields above its own.
    Values that hold passwords stay out of `repr`.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    env: Environment = "demo"
    allow_sqlite: bool = False
    bind_host: str = "127.0.0.1"
    port: int = Field(default=5000, ge=1, le=65535)
    base_url: str = Field(default="", validate_default=True)
    data_dir: Path = Field(default=Path("var"), validate_default=True)
    secret_key: str = Field(default="", repr=False, validate_default=True)
    database_url: str = Field(default="", repr=False, validate_default=True)
    redis_url: str = Field(default="", repr=False, validate_default=True)
    smtp_url: str = Field(default="", repr=False)
    mail_from: str = Field(default="", validate_default=True)
    blob_dir: Path = Field(default=None, validate_default=True)
    scan_url: str = ""
    clock_offset: int = 0
    secure_cookies: bool = Field(default=None, validate_default=True)
    forwarded_hops: int = Field(default=0, ge=0, le=10)
    workers: int = Field(default=2, ge=1, le=64)
    threads: int = Field(default=4, ge=1, le=64)

    @classmethod
    def from_environment(cls) -> Self:
        """Read the environment and the two small files of a demo; raise SettingsError naming every problem at once."""
        problems: dict[str, str] = {}
        if os.environ.get("ENV") == "production" and os.environ.get("FLASK_DEBUG", "0") not in {"", "0"}:
            problems["FLASK_DEBUG"] = "the debugger must be off in production"
        try:
            settings = cls(**_kept_beside_the_data())
        except ValidationError as error:
            problems |= {str(item["loc"][0]).upper(): _sentence(item["msg"]) for item in error.errors()}
        if problems:
            raise SettingsError(problems)
        return settings

    @field_validator("base_url")
    @classmethod
    def _public_address(cls, value: str, info: ValidationInfo) -> str:
        value = (value or f"http://127.0.0.1:{info.data.get('port', 5000)}").rstrip("/")
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be a web address such as https://grants.example.org")
        if _production(info) and parts.scheme != "https":
            raise ValueError("must begin with https:// in production (it is what people type and what mails link to)")
        return value

    @field_validator("data_dir")
    @classmethod
    def _absolute_folder(cls, value: Path) -> Path:
        return _absolute(value)

    @field_validator("secret_key")
    @classmethod
    def _strong_secret(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("env") == "test" and not value:
            return TEST_SECRET
        if not value:
            raise ValueError("is missing; set at least 32 random bytes")
        if _production(info) and not _strong(value):
            raise ValueError("is a known or weak value; set at least 32 random bytes")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str, info: ValidationInfo) -> str:
        value = value or f"sqlite:///{info.data.get('data_dir', Path())}/palabre.sqlite"
        scheme, _, rest = value.partition("://")
        if scheme in {"postgres", "postgresql"}:  # what hosts give; our driver is psycopg 3
            return f"postgresql+psycopg://{rest}"
        if scheme not in {"sqlite", "postgresql+psycopg"}:
            raise ValueError("must begin with postgresql:// or sqlite:///")
        if scheme == "sqlite" and _production(info) and not info.data.get("allow_sqlite"):
            raise ValueError("is SQLite; give a postgresql:// address, or ALLOW_SQLITE=1 for one small machine")
        return value

    @field_validator("redis_url")
    @classmethod
    def _known_broker(cls, value: str, info: ValidationInfo) -> str:
        value = value or f"unix://{quote(str(info.data.get('data_dir', Path()) / 'redis.sock'))}"
        value = value.replace("redis+socket://", "unix://", 1)
        if value.partition("://")[0] not in {"redis", "rediss", "unix"}:
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _known_mail_server(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
            raise ValueError("must look like smtp://user:password@host:587 or smtps://host")
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str, info: ValidationInfo) -> str:
        value = value or f"palabre@{urlsplit(info.data.get('base_url', '')).hostname or 'localhost'}"
        if "@" not in value or any(ord(character) < ord(" ") for character in value):
            raise ValueError("must be one mail address")
        return value

    @field_validator("blob_dir", mode="before")
    @classmethod
    def _folder_of_files(cls, value: str | Path | None, info: ValidationInfo) -> Path:
        return _absolute(Path(value)) if value else info.data.get("data_dir", Path()) / "blobs"

    @field_validator("scan_url")
    @classmethod
    def _known_scanner(cls, value: str) -> str:
        clamd = urlsplit(value)
        known = clamd.scheme == "clamd" and bool(clamd.hostname or clamd.path)
        if value and not known and not value.removeprefix("command:").strip().startswith("/"):
            raise ValueError("must look like clamd://host:3310, clamd:///path/of/socket or command:/path/of/program -")
        return value

    @field_validator("clock_offset")
    @classmethod
    def _true_time(cls, value: int, info: ValidationInfo) -> int:
        if value and _production(info):
            raise ValueError("must be 0 in production: only a demo or a test may move the clock")
        return value

    @field_validator("secure_cookies", mode="before")
    @classmethod
    def _cookies_like_the_address(cls, value: object, info: ValidationInfo) -> object:
        return str(info.data.get("base_url", "")).startswith("https://") if value is None else value

    @field_validator("secure_cookies")
    @classmethod
    def _cookies_are_secure(cls, value: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 -- a field
        if not value and _production(info) and "base_url" in info.data:  # else that one is named already
            raise ValueError("must not be switched off in production")
        return value

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite:")

    @property
    def is_production(self) -> bool:
        """Whether real people rely on this process."""
        return self.env == "production"

    @property
    def trusted_hosts(self) -> list[str] | None:
        """The names under which the site answers; None for any, which only a trial on an open interface does."""
        host = urlsplit(self.base_url).hostname or "localhost"
        if self.is_production:
            return [host]
        return [host, "localhost", "127.0.0.1"] if self.bind_host == "127.0.0.1" else None

    @property
    def database_path(self) -> Path | None:
        """The file of the embedded database; None on PostgreSQL."""
        return Path(self.database_url.removeprefix("sqlite:///")) if self.is_sqlite else None

    @property
    def has_private_redis(self) -> bool:
        """Whether Redis is the one that `./palabre run` starts for itself, on a socket that only its owner opens."""
        return self.redis_url.startswith("unix://")

    @property
    def celery_broker_url(self) -> str:
        """The queue, in Celery's spelling. A private Redis keeps it in its database 0."""
        return self.redis_url.replace("unix://", "redis+socket://", 1)

    @property
    def redis_py_url(self) -> str:
        """Rate limits and caches, in redis-py's spelling. A private Redis keeps them apart, in its database 1."""
        if self.has_private_redis and "?" not in self.redis_url:
            return f"{self.redis_url}?db=1"
        return self.redis_url

    @property
    def mailbox_dir(self) -> Path:
        """Where mails are laid as files when no SMTP_URL is given."""
        return self.data_dir / "mailbox"


def _production(info: ValidationInfo) -> bool:
    # An ENV that could not be read is treated as the strictest: nothing weak is let through by a typing mistake.
    return bool(info.data.get("env", "production") == "production")


def _absolute(path: Path) -> Path:
    return (PROJECT / path.expanduser()).resolve()


def _strong(secret: str) -> bool:
    known = any(word in secret.lower() for word in KNOWN_SECRETS)
    return len(secret.encode()) >= SECRET_BYTES and len(set(secret)) > SECRET_BYTES // 4 and not known


def _sentence(message: str) -> str:
    return message.removeprefix("Value error, ")


def _kept_beside_the_data() -> dict[str, Any]:
    """What a demo remembers from one start to the next: its secret, made once, and how far its clock is moved."""
    if os.environ.get("ENV", "demo") not in {"demo", "development"}:
        return {}
    folder = _absolute(Path(os.environ.get("DATA_DIR") or "var"))
    kept: dict[str, Any] = {}
    if not os.environ.get("SECRET_KEY"):
        kept["secret_key"] = _secret_of(folder)
    offset = folder / "clock-offset"
    if not os.environ.get("CLOCK_OFFSET") and offset.exists():
        kept["clock_offset"] = offset.read_text(encoding="ascii").strip() or "0"
    return kept


def _secret_of(folder: Path) -> str:
    """The secret in `folder`, made if there is none; several processes may ask at once and all get the same."""
    file = folder / "secret-key"
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, encoding="ascii") as fresh:  # created with mode 0600
            fresh.write(secrets.token_hex(SECRET_BYTES))
            fresh.flush()
            with suppress(FileExistsError):
                os.link(fresh.name, file)  # appears whole or not at all, and never replaces another's
    return file.read_text(encoding="ascii").strip()
