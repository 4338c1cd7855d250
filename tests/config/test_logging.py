"""Logs: one line an event, whatever the event holds."""

import json
import logging
import sys

import pytest

from config.logging import JsonLine

pytestmark = pytest.mark.pure


def line(message, *arguments, trace=None, **extra):
    record = logging.LogRecord("grants", logging.WARNING, __file__, 1, message, arguments, trace)
    record.__dict__ |= extra
    return JsonLine().format(record)


def test_an_event_is_one_object_on_one_line():
    event = json.loads(line("refused %s", "page", action="review.score", actor_id=7))
    assert event.pop("at").endswith("+00:00")
    assert event == {
        "level": "warning",
        "logger": "grants",
        "event": "refused page",
        "action": "review.score",
        "actor_id": 7,
    }


def test_no_text_can_start_a_line_of_its_own_or_colour_a_terminal():
    written = line("name: %s", 'x\n{"level": "info", "event": "all is well"}\x1b[31m\r\u2028')
    assert not any(character in written for character in "\n\r\x1b\u2028")


def test_fields_that_are_not_listed_are_not_written():
    assert "someone@example.org" not in line("sent", mail="someone@example.org")


def test_an_error_brings_its_trace_on_the_same_line():
    try:
        raise ValueError("broken")  # noqa: TRY301 -- the trace is what is tested
    except ValueError:
        written = line("failed", trace=sys.exc_info())
    assert "ValueError: broken" in json.loads(written)["trace"]
    assert "\n" not in written
