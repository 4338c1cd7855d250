"""Composition root of the web: the environment becomes an application."""

from config.logging import configure
from config.settings import Settings, SettingsError
from grants.app import create_app

configure()
try:
    app = create_app(Settings.from_environment())
except SettingsError as error:
    raise SystemExit(str(error)) from None
