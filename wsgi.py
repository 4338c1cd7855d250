"""Composition root of the web: the environment becomes an application."""

from config.logging import configure
from config.settings import Settings
from grants.app import create_app

configure()
app = create_app(Settings.from_environment())
