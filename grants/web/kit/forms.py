"""The base of all forms."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field

from grants.errors import Invalid
from grants.web.kit.labels import sentence


def worded(choices: Mapping[str, object]) -> Callable[[], dict[str, str]]:
    """Choices of a field whose words are of the reader's language: taken when the page is drawn."""
    return lambda: {key: str(words) for key, words in choices.items()}


class Form(FlaskForm):
    """A form whose fields can carry the refusals of a use case."""

    def accept_refusal(self, error: Invalid) -> None:
        """Write each problem of `error` under its field; the others stay for the summary."""
        for name, reason in error.problems.items():
            field: Field | None = self._fields.get(name)
            if field is not None:
                field.errors = [*field.errors, sentence(reason)]

    @classmethod
    def empty(cls, **values: Any) -> "Form":  # noqa: ANN401 -- field values
        """A form for a GET, filled with `values`, whatever the request carries."""
        return cls(formdata=None, **values)
