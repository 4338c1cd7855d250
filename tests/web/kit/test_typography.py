"""The filters of the pages speak the language of the person who reads."""

import pytest
from flask import Flask, render_template_string

from grants.web.kit import typography

pytestmark = pytest.mark.pure

LINE = "{{ 1550000|euros }} {{ 64.5|score }} {{ 'Prêt ?'|typo }}"


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    typography.install(app)
    return app


def test_a_page_in_french_is_written_in_french(app: Flask) -> None:
    with app.test_request_context("/"):
        assert render_template_string(LINE) == "15\u202f500\u00a0€ 64,5 Prêt\u202f?"


def test_a_page_in_english_is_written_in_english(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert render_template_string(LINE) == "€15,500 64.5 Prêt ?"


def test_outside_a_request_figures_are_written_in_french(app: Flask) -> None:
    with app.app_context():
        assert render_template_string(LINE).startswith("15\u202f500")
