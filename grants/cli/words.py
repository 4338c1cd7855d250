"""The words that are data rather than sentences of the code, for `pybabel extract` (config/babel.cfg).

Labels of the application form, of the chart of accounts and of the demonstration's accounts stand in French where they
are defined; pages and documents translate them as they show them (`gettext(label)`, `{{ label|translated }}`).
"""

from collections.abc import Iterator
from typing import IO

from grants.demo.accounts import DEMO_ACCOUNTS
from grants.domain.chart import CHARTS
from grants.domain.default_form import DEFAULT_FORM, DOCUMENT_LABELS
from grants.domain.places import WHOLE_FRANCE


def words() -> Iterator[str]:
    """Every one of them, as it will be looked up."""
    for form in (DEFAULT_FORM,):
        for section in form.sections:
            yield section.title
            for field in section.fields:
                yield from (field.label, field.hint)
    yield from DOCUMENT_LABELS.values()
    for chart in CHARTS.values():
        for heading in chart.headings:
            yield heading.label
            yield from (account.label for account in heading.accounts)
    yield WHOLE_FRANCE[1]
    for account in DEMO_ACCOUNTS:
        yield from (account.role, account.hint)


def extract(
    _file: IO[bytes],
    _keywords: object,
    _comment_tags: object,
    options: object,  # noqa: ARG001 -- the name is Babel’s
) -> Iterator[tuple[int, str, str, list[str]]]:
    """What Babel asks of a method of extraction: (line, function, message, comments) of each message."""
    for word in dict.fromkeys(words()):
        if word:
            yield 1, "gettext", word, []
