"""An environment without any of our variables, whatever the machine that runs the tests has set."""

import pytest

from config.settings import Settings


@pytest.fixture(autouse=True)
def _no_settings_in_the_environment(monkeypatch, tmp_path):
    for name in (*Settings.model_fields, "flask_debug"):
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data here"))
