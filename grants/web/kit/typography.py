"""The typographic filters of the pages, in the language of the person who reads."""

from flask import Flask

from grants.delivery import typography
from grants.web.kit.language import current_language


def install(app: Flask) -> None:
    """Give the templates of `app` the filters typo, euros, percent, score, day, moment, file_size and their kin."""
    app.jinja_env.filters.update(typography.filters(current_language))
