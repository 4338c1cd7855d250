"""The words of score sheets: those of the workbook, and those of the page that says what it would change."""

from collections.abc import Callable, Mapping

from grants.db import db
from grants.domain.score_sheets import MARK, NOT_APPLICABLE, OPINION, PRIVATE_NOTE
from grants.exchange.score_workbook import Book, File, Line, Words
from grants.models import Application, Call
from grants.queries.blindness import Veil, veil_over
from grants.queries.review import rubric_of
from grants.queries.score_sheets import fields_of
from grants.services import score_sheets as use_cases
from grants.web.kit.access import current_actor
from grants.web.kit.language import gettext as _
from grants.web.kit.typography import euros, moment


def book_of(call: Call) -> Book:
    """All that this person may write now in the call, as the veil lets it be seen."""
    session, actor = db.session(), current_actor()
    rows = use_cases.writable(session, actor, call)
    veil = veil_over(session, actor, call, [row.application_id for row in rows])
    lines = [
        Line(criterion, one.name, one.question, [str(text) for text in one.anchors])
        for criterion, one in zip(rubric_of(call), call.criteria, strict=True)
    ]
    files = [
        File(
            row.public_id,
            row.version,
            row.application.number or "",
            veil.text(row.application_id, row.application.title),
            _facts(row.application, veil),
            fields_of(row, call),
        )
        for row in rows
    ]
    return Book(call.public_id, actor.public_id, lines, files)


def _facts(file: Application, veil: Veil) -> list[str]:
    told = [] if veil.hides(file.id) else [file.organisation.name]
    return [*told, _("%(amount)s demandés", amount=euros(file.requested_cents))]


def words_for(call: Call) -> Words:
    """The texts of the workbook."""
    until = (
        _("À rapporter avant le %(at)s.", at=moment(call.reviews_close_at, call.zone)) if call.reviews_close_at else ""
    )
    back = _("Enregistrez au format .xlsx, puis rapportez le fichier : vous verrez ce qui change d’abord.")
    advice = (
        _(
            "Remplissez les cases jaunes : une note de 0 à 5, par demi-point, et vos commentaires. Le reste est protégé."
        ),
        _("Une note de 1,5 ou moins, de 4,5 ou plus, demande une phrase. « s.o. » : le critère ne s’applique pas."),
        f"{back} {until}".strip(),
    )
    return Words(
        title=_("Mes grilles : %(title)s", title=call.title),
        advice=advice,
        contents=_("Sommaire"),
        columns=(_("Critère"), _("Note"), _("Commentaire"), _("Poids"), _("Ce que veut dire chaque note")),
        overview=(_("Dossier"), _("Projet"), _("Total sur 100")),
        total=_("Total sur 100"),
        opinion=_("Avis pour le comité"),
        private_note=_("Note personnelle, pour vous uniquement"),
        not_applicable=_("s.o."),
        choose=_("Choisissez une note de 0 à 5, par demi-point."),
        too_long=_("Ce texte est trop long."),
    )


def names_in(call: Call) -> Callable[[str], tuple[str, str]]:
    """What a field is called: (criterion or part, mark or comment)."""
    criteria: Mapping[str, str] = {one.key: one.name for one in call.criteria}
    parts = {OPINION: _("Avis pour le comité"), PRIVATE_NOTE: _("Note personnelle")}

    def name(field: str) -> tuple[str, str]:
        kind, _colon, key = field.partition(":")
        if field in parts:
            return parts[field], ""
        return criteria.get(key, key), _("Note") if f"{kind}:" == MARK else _("Commentaire")

    return name


def in_words(field: str, value: str) -> str:
    """A value as people read it."""
    return _("sans objet") if field.startswith(MARK) and value == NOT_APPLICABLE else value
