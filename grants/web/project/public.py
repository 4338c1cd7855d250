"""What the world may read: the list of supported projects and the sheet of each."""

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import Form as Filtering
from wtforms import SearchField, SelectField

from grants import clock
from grants.db import db
from grants.queries import portfolio
from grants.web.kit.access import may
from grants.web.kit.language import gettext as _
from grants.web.kit.language import lazy_gettext as _l
from grants.web.kit.paging import asked_page, paged
from grants.web.kit.responses import page
from grants.web.project import blueprint, pages
from grants.workflow.actions import Action

PER_PAGE = 48
TEXTS = {
    "activities": _l("Objectifs et activités"),
    "alliance": _l("L’alliance"),
    "learning": _l("Ce que le projet apprend"),
    "effects": _l("Effets attendus et suites"),
}


class FilterForm(Filtering):  # type: ignore[misc]  # WTForms has no types
    """What the public list shows."""

    q = SearchField(_l("Mot-clé"))
    territoire = SelectField(_l("Territoire"), validate_choice=False)
    theme = SelectField(_l("Thème"), validate_choice=False)
    appel = SelectField(_l("Appel"), validate_choice=False)


@blueprint.get("/<any(fr, en):language>/projets")
@may(Action.PROJECT_BROWSE_PUBLIC)
def browse_public(language: str) -> ResponseReturnValue:
    """The supported projects, grouped by call."""
    session, now = db.session(), clock.now()
    found, figures = portfolio.facets(session, now=now)
    form = FilterForm(request.args)
    form.territoire.choices = {"": _("Tous les territoires")} | {label: _(label) for label in found.territories}
    form.theme.choices = {"": _("Tous les thèmes")} | {theme: theme for theme in found.themes}
    form.appel.choices = {"": _("Tous les appels")} | dict(found.calls)
    filters = portfolio.Filters(
        q=form.q.data or "",
        territory=form.territoire.data or "",
        theme=form.theme.data or "",
        call=form.appel.data or "",
    )
    number = asked_page()
    projects, total = portfolio.page_for(session, filters, now=now, offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
    return page(
        "project/browse_public.html",
        form=None,
        filter_form=form,
        groups=_grouped(projects),
        total=total,
        figures=figures,
        filtered=any((filters.q, filters.territory, filters.theme, filters.call)),
        places=pages.places,
        paging=paged(number, total, PER_PAGE),
        language_of_page=language,
    )


def _grouped(projects: list) -> list[tuple[object, list]]:  # type: ignore[type-arg]
    """The projects of a page by call, in their order."""
    groups: dict[int, tuple[object, list]] = {}  # type: ignore[type-arg]
    for project in projects:
        groups.setdefault(project.call_id, (project.call, []))[1].append(project)
    return list(groups.values())


@blueprint.get("/<any(fr, en):language>/projets/<call>/<slug>")
@may(Action.PROJECT_BROWSE_PUBLIC)
def show_public(language: str, call: str, slug: str) -> ResponseReturnValue:
    """The public sheet of one project."""
    session, now = db.session(), clock.now()
    project = portfolio.one(session, call, slug, now=now)
    return page(
        "project/show_public.html",
        form=None,
        project=project,
        call=project.call,
        sheet=project.sheet,
        texts=[(TEXTS.get(key, key), text) for key, text in project.sheet.get("texts", {}).items() if text],
        places=pages.places,
        related=portfolio.related(session, project, now=now),
        invented=bool(project.sheet.get("invented") or (project.organisation and project.organisation.invented)),
        language_of_page=language,
    )
