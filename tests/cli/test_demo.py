"""`demo` and `prepare`: what they print, what they refuse."""

import json
from pathlib import Path

import pytest
from flask import Flask

from config.settings import Settings
from grants.app import create_app
from grants.demo.accounts import DEMO_ACCOUNTS

pytestmark = [pytest.mark.db, pytest.mark.slow]


def seeded(app: Flask, scenario: str) -> dict[str, object]:
    result = app.test_cli_runner().invoke(args=["demo", "seed", "--scenario", scenario, "--json"])
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.output.splitlines()[-1])
    return found


def states(told: dict[str, object], kind: str) -> list[str]:
    objects = told["objects"]
    assert isinstance(objects, dict)
    return [row["state"] for row in objects[kind]]


def test_accounts_are_listed_with_their_password(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "accounts"])
    assert all(line.email in result.output for line in DEMO_ACCOUNTS)
    assert DEMO_ACCOUNTS[0].password in result.output


def test_a_draft_scenario_answers_in_the_shape_that_tests_rely_on(app: Flask) -> None:
    told = seeded(app, "draft")
    assert set(told) == {"scenario", "base_url", "accounts", "objects", "canaries"}
    account = told["accounts"][0]  # type: ignore[index]
    assert {"role", "email", "password", "totp", "organisation"} <= set(account)
    assert states(told, "application") == ["draft"] * 3
    file = told["objects"]["application"][0]  # type: ignore[index]
    assert set(file) == {"id", "number", "state", "lead"}
    marks = told["canaries"]
    assert isinstance(marks, dict)
    assert all(mark.startswith("CANARY-") for mark in marks.values())
    assert len(set(marks.values())) == len(marks)


@pytest.mark.parametrize(
    ("scenario", "kind", "expected"),
    [
        ("deadline-in-60", "application", {"draft"}),
        ("under-review", "application", {"in_review"}),
        ("under-review", "review", {"given", "draft", "assigned"}),
        ("deliberated", "decision", {"proposed"}),
        ("decided-unreleased", "decision", {"approved"}),
        ("released", "decision", {"released"}),
        ("funded", "project", {"active", "agreement_pending"}),
        ("twins", "project", {"active", "agreement_pending"}),
    ],
)
def test_every_scenario_goes_as_far_as_its_name(app: Flask, scenario: str, kind: str, expected: set[str]) -> None:
    told = seeded(app, scenario)
    assert set(states(told, kind)) == expected
    runner = app.test_cli_runner()
    assert runner.invoke(args=["doctor"]).exit_code == 0
    assert json.loads(runner.invoke(args=["outbox", "--json"]).output)["waiting"] == 0


def test_an_unknown_scenario_is_refused_by_naming_those_that_exist(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "seed", "--scenario", "nonsense"])
    assert (result.exit_code, "deadline-in-<seconds>" in result.output) == (1, True)


def test_a_database_that_is_not_empty_is_not_seeded_again(app: Flask) -> None:
    seeded(app, "draft")
    result = app.test_cli_runner().invoke(args=["demo", "seed", "--scenario", "draft"])
    assert (result.exit_code, "not empty" in result.output) == (1, True)


def test_nothing_invented_enters_a_production(tmp_path: Path) -> None:
    settings = Settings(
        env="production",
        data_dir=tmp_path,
        allow_sqlite=True,
        base_url="https://grants.reseau.org",
        secret_key="k3J9vQ2xT7mB5nL8pR4sW6yZ1cF0hG-dA_eUoIaXb",
    )
    runner = create_app(settings).test_cli_runner()
    assert runner.invoke(args=["prepare"]).exit_code == 0
    result = runner.invoke(args=["demo", "load"])
    assert (result.exit_code, "never loaded in production" in result.output) == (1, True)
