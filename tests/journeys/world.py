"""A deployment of its own for a journey: database, files, mailbox, a web server on a free port, a clock that walks.

The server runs in a thread of the test, so that the clock of the story is the clock of the pages. What the pages
promise is kept here, by the same handlers as the worker's.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from werkzeug.serving import WSGIRequestHandler, make_server

from config.settings import Settings
from grants import clock
from grants import db as database
from grants.app import create_app
from grants.db import adopt, db
from grants.delivery.doors import Doors, open_doors
from grants.services import keeper, relay

SOON = timedelta(seconds=30)
PASSES = 4  # a mail that announces a letter waits for it: a few looks are enough


@dataclass
class World:
    """One deployment. `now` moves by `at`; nothing else moves it."""

    app: Flask
    settings: Settings
    doors: Doors
    _time: ExitStack = field(default_factory=ExitStack)

    @property
    def base_url(self) -> str:
        """Where its pages are."""
        return self.settings.base_url

    @property
    def database(self) -> Path:
        """The file of the embedded database."""
        found = self.settings.database_path
        assert found is not None
        return found

    def at(self, moment: datetime) -> None:
        """From now on it is `moment`, for the pages as for the test."""
        self._time.close()
        self._time.enter_context(clock.frozen(moment.astimezone(UTC)))

    def bind(self) -> None:
        """Have use cases write here again, after other tests had a database of theirs."""
        with self.app.app_context():
            database._bound["engine"] = db.engine

    def keep_promises(self) -> None:
        """Draw and send what was promised until now, as the worker would within two minutes."""
        handlers = keeper.handlers(self.doors)
        for rank in range(1, PASSES + 1):
            with clock.frozen(clock.now() + rank * SOON):
                relay.keep_all_due(handlers)

    def run(self, *command: str) -> "Outcome":
        """A command of the operator (`doctor`, `audit verify`…) on this deployment."""
        result = self.app.test_cli_runner().invoke(args=list(command), catch_exceptions=False)
        return Outcome(result.exit_code, result.stdout)

    def close(self) -> None:
        """Give the real time back and let the files go."""
        self._time.close()
        with self.app.app_context():
            db.engine.dispose()


@dataclass(frozen=True)
class Outcome:
    """What a command answered."""

    code: int
    words: str


def found(folder: Path, *, env: str = "test") -> World:
    """Install Palabre in `folder`, with the migrations that an operator would run."""
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    settings = Settings(
        env=env,
        data_dir=folder,
        port=port,
        base_url=f"http://127.0.0.1:{port}",
        secret_key="journey-" + "0123456789abcdef" * 4,
    )
    app = create_app(settings)
    with app.app_context():
        upgrade()
        adopt(db.engine)
    doors = open_doors(
        base_url=settings.base_url,
        mail_from=settings.mail_from,
        smtp_url="",
        mailbox_dir=settings.mailbox_dir,
        blob_dir=settings.blob_dir,
    )
    return World(app, settings, doors)


class _Quiet(WSGIRequestHandler):
    """Requests are told by the screenshots."""

    def log(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(world: World) -> Iterator[str]:
    """The address of the running site."""
    server = make_server("127.0.0.1", world.settings.port, world.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield world.base_url
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
