"""The list of the received files: its filters, its views, and the same list taken away as CSV or XLSX."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from urllib.parse import urlencode

from flask import Response, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from config.security import PRIVATE_CACHE_CONTROL
from grants.db import db, examining
from grants.domain.deadlines import zone_named
from grants.exchange.tables import Cell, csv_rows, xlsx_pieces
from grants.queries import desk as queries
from grants.queries.batch import ACTS
from grants.web.kit.access import current_actor, may
from grants.web.kit.labels import STATES
from grants.web.kit.language import current_language
from grants.web.kit.language import gettext as _
from grants.web.kit.paging import asked_page, paged
from grants.web.kit.responses import page
from grants.web.screening.blueprint import blueprint
from grants.web.screening.words import act_words
from grants.workflow.actions import Action

PER_PAGE = 50
CENTS = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Choices = tuple[tuple[str, str], ...]


@blueprint.get("/gestion/candidatures")
@may(Action.SCREENING_BROWSE, whole=True)
def browse() -> ResponseReturnValue:
    """The received files, fifty a page; call, state, view, words and order stand in the address."""
    session, actor, number = db.session(), current_actor(), asked_page()
    wanted = wanted_now()
    rows, total = queries.listing(session, actor, wanted, number, PER_PAGE)
    states, orders, views = _choices(current_language())
    kept = {
        name: value for name, value in request.args.items() if name in ("appel", "etat", "vue", "q", "tri") and value
    }
    return page(
        "screening/browse.html",
        rows=rows,
        pages=paged(number, total.number, PER_PAGE, more=total.more),
        wanted=wanted,
        calls=[("", _("Tous les appels")), *queries.calls_followed(session, actor)],
        states=states,
        orders=orders,
        views=[(words, _address(kept, key), key) for key, words in views],
        acts=[(str(action), act_words(action)) for action in ACTS] if actor.manages else [],
        narrowed=bool(wanted.call or wanted.state or wanted.words or wanted.view),
        one_call=bool(wanted.call),
        kept=kept,
    )


def _address(kept: dict[str, str], view: str) -> str:
    """The same list, seen another way."""
    told = {name: value for name, value in {**kept, "vue": view}.items() if value}
    return url_for("screening.browse") + (f"?{urlencode(told)}" if told else "")


def wanted_now() -> queries.Wanted:
    """What the address narrows the list to."""
    return queries.Wanted(
        call=request.args.get("appel", ""),
        state=request.args.get("etat", ""),
        view=request.args.get("vue", ""),
        words=request.args.get("q", "").strip()[:100],
        order=request.args.get("tri", "recent"),
    )


@cache
def _choices(_language: str) -> tuple[Choices, Choices, Choices]:
    """The states, the orders and the views to choose from, in the words of the page: every list offers the same."""
    states = [(state, str(words[0])) for state, words in STATES["application"].items() if state != "awaiting_signature"]
    orders = [
        ("recent", _("Dépôt, récent d’abord")),
        ("numero", _("Numéro")),
        ("titre", _("Titre")),
        ("organisme", _("Organisation")),
        ("montant", _("Montant demandé")),
    ]
    views = [
        ("", _("Tous")),
        ("to-examine", _("À examiner")),
        ("mine", _("Mes dossiers")),
        ("waiting", _("En attente d’une réponse")),
        ("late", _("En retard")),
    ]
    return (("", _("Tous les états")), *states), tuple(orders), tuple(views)


@blueprint.get("/gestion/candidatures.csv")
@may(Action.SCREENING_BROWSE, whole=True)
def browse_csv() -> ResponseReturnValue:
    """The list as it is filtered, all of it, written while it is read."""
    actor, wanted, columns = current_actor(), wanted_now(), _columns()
    states = _state_words()

    def written() -> Iterator[bytes]:
        with examining() as session:
            rows = (_cells(row, states) for row in queries.whole_list(session, actor, wanted))
            yield from csv_rows(columns, rows)

    answer = Response(stream_with_context(written()), mimetype="text/csv; charset=utf-8")
    return _named(answer, "csv")


@blueprint.get("/gestion/candidatures.xlsx")
@may(Action.SCREENING_BROWSE, whole=True)
def browse_xlsx() -> ResponseReturnValue:
    """The same as a workbook."""
    actor, wanted, states = current_actor(), wanted_now(), _state_words()
    sheet, columns = _("Dossiers"), _columns()

    def written() -> Iterator[bytes]:
        with examining() as session:
            rows = (_cells(row, states) for row in queries.whole_list(session, actor, wanted))
            yield from xlsx_pieces(sheet, columns, rows)

    return _named(Response(stream_with_context(written()), mimetype=XLSX), "xlsx")


def _named(answer: Response, ending: str) -> Response:
    answer.headers["Content-Disposition"] = f"attachment; filename=dossiers.{ending}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = PRIVATE_CACHE_CONTROL
    return answer


def _columns() -> list[str]:
    return [
        *(_("Numéro"), _("Titre"), _("Organisation"), _("SIRET"), _("Pays"), _("Appel"), _("État")),
        *(_("Montant demandé (€)"), _("Reçu le"), _("Fuseau"), _("Remarque"), _("Suivi par")),
    ]


def _state_words() -> dict[str, str]:
    return {state: _(str(words[0])) for state, words in STATES["application"].items()}


def _cells(row: queries.Exported, states: dict[str, str]) -> tuple[Cell, ...]:
    remark = _("Dans le délai de grâce") if row.in_grace else "" if row.submitted_at else _("Hors délai")
    return (
        *(row.number, row.title, row.organisation, row.siret, row.country, row.call, states.get(row.state, row.state)),
        row.requested_cents / CENTS,
        _local(row.submitted_at or row.late_attempt_at, row.zone),
        *(row.zone, remark, row.officer),
    )


def _local(at: datetime | None, zone: str) -> datetime | None:
    return at.astimezone(zone_named(zone)).replace(tzinfo=None) if at is not None else None
