"""A day as people type it: `12/03/2027`, `12 mars 2027`, `2027-03-12`."""

from datetime import date

from wtforms import StringField, ValidationError

from grants.domain.calendar import DayError, parse_day
from grants.web.kit.labels import sentence


class DayField(StringField):  # type: ignore[misc]  # WTForms has no types
    """Keeps the text as typed; `day` holds what was read, None until then."""

    day: date | None = None

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 -- signature of WTForms
        """Read the day. Raises ValidationError with the sentence of what is wrong."""
        try:
            self.day = parse_day(self.data or "")
        except DayError as error:
            raise ValidationError(sentence(error.as_reason)) from error

    @property
    def read(self) -> date:
        """The day of a form that was found valid."""
        assert self.day is not None
        return self.day
