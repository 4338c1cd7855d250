"""A writing desk: one file with every kind of question, its team of two, a web server on a free port. Nothing is drawn or sent."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext
from sqlalchemy import Engine
from werkzeug.serving import WSGIRequestHandler, make_server

from config.settings import Settings
from grants.db import adopt, reading, transaction
from grants.models import Account, Application
from grants.policies import Role
from tests import builders
from tests.every_kind import give_form


class _Quiet(WSGIRequestHandler):
    """Says nothing, and keeps the line open between requests, as the server of a deployment does."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Desk:
    """A running site with one draft. `file`: its public id; `lead`, `member`: who writes it."""

    app: Flask
    port: int
    file: str
    lead: Account
    member: Account

    @property
    def base_url(self) -> str:
        """Where the site is."""
        return f"http://127.0.0.1:{self.port}"

    def token(self, account: Account) -> str:
        """A live session of this account."""
        with transaction() as session:
            return builders.a_session(session, account)

    def context(
        self, chromium: Chromium, account: Account, *, port: int = 0, script: bool = True, **more: object
    ) -> BrowserContext:
        """A browser in which this account is signed in; `port`: of a proxy in front of the site."""
        base = f"http://127.0.0.1:{port or self.port}"
        made = chromium.new_context(  # type: ignore[arg-type]
            locale="fr-FR", timezone_id="Europe/Paris", base_url=base, java_script_enabled=script, **more
        )
        made.add_cookies([{"name": self.app.config["SIGN_IN_COOKIE"], "value": self.token(account), "url": base}])
        return made

    def answers(self) -> dict[str, object]:
        """What is kept of the file."""
        with reading() as session:
            row = session.query(Application).filter_by(public_id=self.file).one()
            return dict(row.answers)


def section(key: str) -> str:
    """The end of a section's address."""
    return f"/rubriques/{key}"


@contextmanager
def desk(
    database: Engine, folder: Path, answers: dict[str, object] | None = None, *, ordinary: bool = False
) -> Iterator[Desk]:
    """The desk, on an empty database. `ordinary`: the form that calls have by themselves, and nothing written but documents."""
    from grants.app import create_app  # noqa: PLC0415 -- a half-edited page must not stop the pure tests

    port = free_port()
    settings = Settings(
        env="test", data_dir=folder, database_url=str(database.url), port=port, base_url=f"http://127.0.0.1:{port}"
    )
    app = create_app(settings)
    with transaction() as session:
        call = builders.a_call(session, title="Alliances 2027")
        if not ordinary:
            give_form(session, call)
        organisation = builders.an_organisation(session, name="Rivages Partagés")
        scope = {"organisation_id": organisation.id}
        lead = builders.an_account(session, role=Role.APPLICANT_LEAD, name="Awa Diop", **scope)
        member = builders.an_account(session, role=Role.APPLICANT_MEMBER, name="Mamadou Ndiaye", **scope)
        row = builders.a_draft(
            session, call=call, lead=lead, organisation=organisation, answers=answers or {}, title=""
        )
        if ordinary:
            row.partners, row.territories, row.budget_lines = [], [], []
        file = row.public_id
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Desk(app, port, file, lead, member)
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
        adopt(database)


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
