"""The example of an environment holds every variable, and nothing else."""

import re

import pytest

from config.settings import PROJECT, Settings

pytestmark = pytest.mark.pure

EXAMPLE = (PROJECT / "config" / "environment.example").read_text(encoding="utf-8")
VARIABLE = re.compile(r"^([A-Z_]+)=(.*)$", re.MULTILINE)


def test_every_setting_has_its_line_and_every_line_its_setting():
    assert sorted(name for name, _ in VARIABLE.findall(EXAMPLE)) == sorted(
        name.upper() for name in Settings.model_fields
    )


def test_each_variable_has_one_line_of_meaning_above_it():
    lines = EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if VARIABLE.match(line):
            assert lines[number - 1].startswith("# "), line
            assert not lines[number - 2].startswith("# "), line


def test_the_example_is_what_applies_when_nothing_is_said(monkeypatch):
    monkeypatch.delenv("DATA_DIR")
    monkeypatch.setenv("SECRET_KEY", "x")
    silent = Settings.from_environment()
    for name, value in VARIABLE.findall(EXAMPLE):
        if value:
            monkeypatch.setenv(name, value)
    assert Settings.from_environment() == silent
