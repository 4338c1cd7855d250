"""Forms about decisions: shapes only, the use cases judge the values."""

from collections.abc import Callable
from datetime import date
from typing import Any

from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from grants.domain.calendar import DayError, parse_day
from grants.domain.money import AmountError, parse_amount
from grants.domain.reasons import Unreadable
from grants.errors import Invalid, Reason
from grants.models import Decision
from grants.services.decision import Wish
from grants.web.kit.forms import Form
from grants.web.kit.labels import REASON_CODES
from grants.web.kit.language import lazy_gettext as _l

MOST_DIGITS = 5


class WishForm(Form):
    """Another decision, and why."""

    outcome = RadioField(
        _l("Décision"),
        choices=[
            SelectChoice("awarded", _l("Retenu")),
            SelectChoice("awarded_with_conditions", _l("Retenu sous condition")),
            SelectChoice("reserve", _l("Liste d’attente")),
            SelectChoice("deferred", _l("Ajourné")),
            SelectChoice("rejected", _l("Non retenu")),
        ],
        validate_choice=False,
    )
    awarded_cents = StringField(_l("Montant accordé (€)"), description=_l("Seulement pour un dossier retenu."))
    conditions = TextAreaField(_l("Condition à lever"), validators=[Length(max=4000)])
    conditions_due_on = StringField(_l("À lever avant le"), description=_l("Par exemple : 31/01/2027."))
    reserve_rank = StringField(_l("Rang sur la liste d’attente"))
    reason_code = SelectField(
        _l("Raison principale"),
        choices=[SelectChoice("", "–"), *(SelectChoice(code, words) for code, words in REASON_CODES.items())],
        validate_choice=False,
    )
    motive = TextAreaField(
        _l("Motif de la décision"), description=_l("Repris dans la lettre."), validators=[Length(max=4000)]
    )
    why = TextAreaField(_l("Pourquoi cette décision remplace la précédente"), validators=[Length(max=2000)])

    def wish(self) -> Wish:
        """What was typed. Raises Invalid with every field that cannot be read."""
        read = _Reading(self)
        wish = Wish(
            outcome=self.outcome.data or "",
            awarded_cents=read.of("awarded_cents", amount, 0),
            motive=self.motive.data or "",
            conditions=self.conditions.data or "",
            conditions_due_on=read.of("conditions_due_on", parse_day, None),
            reserve_rank=read.of("reserve_rank", _whole, None),
            reason_code=self.reason_code.data or "",
            why=self.why.data or "",
        )
        read.judge()
        return wish


class BoardForm(WishForm):
    """The board's own decision, with its act."""

    why = TextAreaField(
        _l("Pourquoi le conseil n’a pas suivi le comité"),
        description=_l("Gardé au dossier, à côté de la proposition ; la lettre n’en dit rien."),
        validators=[Length(max=2000)],
    )
    board_on = StringField(_l("Date de l’acte"), description=_l("Par exemple : 18/12/2026."))
    board_reference = StringField(_l("Référence de l’acte"), validators=[Length(max=80)])

    def board_day(self) -> date | None:
        """The day of the act; None where nothing is typed. Raises Invalid."""
        read = _Reading(self)
        found: date | None = read.of("board_on", parse_day, None)
        read.judge()
        return found


class AnewForm(Form):
    """The same decision in a letter written anew."""

    why = TextAreaField(
        _l("Ce qui est corrigé"),
        description=_l("Dit au début de la nouvelle lettre, après le numéro et la date de celle qu’elle remplace."),
        validators=[Length(max=2000)],
    )
    motive = TextAreaField(_l("Motif de la décision"), validators=[Length(max=4000)])
    conditions = TextAreaField(_l("Condition à lever"), validators=[Length(max=4000)])
    conditions_due_on = StringField(_l("À lever avant le"))

    def due_on(self) -> date | None:
        """The day by which the condition is to be met. Raises Invalid."""
        read = _Reading(self)
        found: date | None = read.of("conditions_due_on", parse_day, None)
        read.judge()
        return found


class WhyForm(Form):
    """A reason."""

    why = TextAreaField(_l("Motif"), validators=[Length(max=2000)])


def judged(form: Form) -> None:
    """Raise Invalid for a form whose shape is wrong; its fields say why."""
    if not form.validate():
        raise Invalid({})


class _Reading:
    """Fields read one by one; what cannot be read is told together."""

    def __init__(self, form: Form) -> None:
        self._form, self._problems = form, dict[str, Reason]()

    def of(self, name: str, read: Callable[[str], Any], empty: Any) -> Any:  # noqa: ANN401 -- the value of a field
        text = (self._form[name].data or "").strip()
        if not text:
            return empty
        try:
            return read(text)
        except (DayError, AmountError, Unreadable) as error:
            self._problems[name] = error.as_reason
        except ValueError:
            self._problems[name] = Reason("not_whole")
        return empty

    def judge(self) -> None:
        if self._problems:
            raise Invalid(self._problems)


def amount(text: str) -> int:
    """Cents of a typed amount; nothing typed and nothing given are the same. Raises AmountError."""
    return parse_amount(text, allow_zero=True)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise ValueError(text)
    return int(text)


def filled(decision: Decision) -> dict[str, Any]:
    """What a form about this decision shows first."""
    due_on = decision.conditions_due_on
    return {
        "outcome": str(decision.outcome),
        "awarded_cents": _euros(decision.awarded_cents),
        "motive": decision.motive,
        "conditions": decision.conditions,
        "conditions_due_on": due_on.strftime("%d/%m/%Y") if due_on else "",
        "reserve_rank": str(decision.reserve_rank or ""),
        "reason_code": decision.reason_code,
    }


def _euros(cents: int) -> str:
    if not cents:
        return ""
    return str(cents // 100) if cents % 100 == 0 else f"{cents // 100},{cents % 100:02}"
