"""`audit verify` and `audit anchor` from the outside."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from grants.db import transaction
from grants.delivery.doors import open_doors
from grants.demo.stage import Stage

pytestmark = pytest.mark.db


@pytest.fixture
def installed(app: Flask, tmp_path: Path) -> Flask:
    """The application with a few acts behind it."""
    doors = open_doors(
        base_url="http://localhost",
        mail_from="palabre@exemple.invalid",
        smtp_url="",
        mailbox_dir=tmp_path / "mailbox",
        blob_dir=tmp_path / "blobs",
    )
    Stage(doors).install()
    return app


def tamper(*statements: str) -> None:
    """What somebody with the password of the database could do."""
    with transaction() as session:
        session.execute(text("DROP TRIGGER audit_no_update"))
        session.execute(text("DROP TRIGGER audit_no_delete"))
        for statement in statements:
            session.execute(text(statement))


def test_an_untouched_trail_is_whole(installed: Flask) -> None:
    result = installed.test_cli_runner().invoke(args=["audit", "verify"])
    assert (result.exit_code, "the chain is whole" in result.output) == (0, True)


@pytest.mark.parametrize(
    ("statement", "bad"),
    [
        ("UPDATE audit SET actor = 'somebody' WHERE seq = 3", 3),
        ("UPDATE audit SET body = '{}' WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 4", 4),
        ("DELETE FROM audit WHERE seq = 1", 1),
    ],
)
def test_a_changed_trail_names_its_first_bad_entry(installed: Flask, statement: str, bad: int) -> None:
    tamper(statement)
    result = installed.test_cli_runner().invoke(args=["audit", "verify"])
    assert (result.exit_code, result.output.strip()) == (1, f"the trail is broken at {bad}")


def test_entries_cut_off_at_the_end_are_found_with_an_anchor_only(installed: Flask, tmp_path: Path) -> None:
    runner = installed.test_cli_runner()
    head = runner.invoke(args=["audit", "anchor"]).output
    anchor = tmp_path / "anchor.json"
    anchor.write_text(head, encoding="utf-8")
    last = int(json.loads(head)["seq"])
    assert runner.invoke(args=["audit", "verify", "--anchor", str(anchor)]).exit_code == 0
    tamper("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)")
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    cut = runner.invoke(args=["audit", "verify", "--anchor", str(anchor)])
    assert (cut.exit_code, cut.output.strip()) == (1, f"the trail is broken at {last}")


def test_a_file_that_is_no_anchor_is_refused(installed: Flask, tmp_path: Path) -> None:
    wrong = tmp_path / "anchor.json"
    wrong.write_text("[]", encoding="utf-8")
    result = installed.test_cli_runner().invoke(args=["audit", "verify", "--anchor", str(wrong)])
    assert (result.exit_code, "holds no anchor" in result.output) == (1, True)


def test_the_anchor_of_an_empty_trail_is_refused(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["audit", "anchor"]).exit_code == 1
