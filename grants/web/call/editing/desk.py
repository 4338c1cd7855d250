"""A call on the table: its document as it is being written, what each part still lacks, and how a part is kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import url_for

from grants import clock
from grants.db import db
from grants.domain.terms import Terms, read_terms
from grants.domain.terms_changes import Part
from grants.errors import Reason
from grants.models import Call, CallVersion
from grants.queries.programme import call_for
from grants.queries.terms import document_of, draft_of, terms_of
from grants.services import call as use_cases
from grants.services.lifecycle import obstacles
from grants.web.call.editing.declared import PAGES
from grants.web.kit.access import allow, current_actor, permits
from grants.web.kit.language import gettext as _
from grants.workflow.actions import Action
from grants.workflow.call import CallState

Document = dict[str, Any]
#: The part in which what a guard asks for is written.
WHERE = {
    "weights_sum_to_hundred": Part.RUBRIC,
    "rubric_kept_while_read": Part.RUBRIC,
    "tranches_sum_to_whole": Part.TRANCHES,
    "dates_in_order": Part.DATES,
    "stages_set": Part.DATES,
    "deadline_ahead": Part.DATES,
    "envelope_set": Part.AMOUNTS,
    "envelope_covers_awards": Part.AMOUNTS,
    "chart_kept": Part.AMOUNTS,
    "kind_kept": Part.RULES,
}
#: What a page of its own asks for.
ASKED_ELSEWHERE = frozenset({"reason_given", "not_from_here"})


@dataclass(frozen=True)
class Stop:
    """A line of the side list: a part, where it is written, whether something is written there or lacks."""

    part: Part
    title: str
    href: str
    state: str  # done | empty | fix
    current: bool


class Desk:
    """A call whose terms are written: `draft` None when nothing is being written (it is published)."""

    def __init__(self, call: Call, draft: CallVersion | None, document: Document) -> None:
        self.call, self.draft, self.document = call, draft, document

    @property
    def written(self) -> bool:
        """Whether its pages may be written now."""
        return self.draft is not None

    @property
    def version(self) -> int | None:
        return self.draft.version if self.draft is not None else None

    @property
    def amending(self) -> bool:
        return self.call.state != CallState.DRAFT

    @property
    def zone(self) -> str:
        return str(self.document.get("call", {}).get("zone", "Europe/Paris"))

    @cached_property
    def terms(self) -> Terms:
        """The document, read; what is wrong with it does not matter here."""
        return read_terms(self.document)[0]

    @cached_property
    def obstacles(self) -> tuple[Reason, ...]:
        """What stands against publishing it, in the order in which it is told."""
        session = db.session()
        before = terms_of(self.call) if self.amending else None
        facts = use_cases.facts_of(session, self.call, self.terms, before=before, now=clock.now())
        action = Action.CALL_AMEND if self.amending else Action.CALL_PUBLISH
        return tuple(one for one in obstacles(self.call, action, facts) if one.code not in ASKED_ELSEWHERE)

    @cached_property
    def advice(self) -> list[tuple[Part, str]]:
        """What would be missed, though it keeps nothing from being published."""
        call, found = self.document.get("call", {}), []
        for name, words in (
            ("summary", _("Le résumé est vide : la liste des appels ne dira rien de celui-ci.")),
            ("text", _("Le texte de l’appel est vide.")),
            ("contact", _("Aucun contact n’est indiqué : personne ne saura à qui écrire.")),
        ):
            if not str(call.get(name, "")).strip():
                found.append((Part.TEXT, words))
        if not call.get("reviews_open_at") or not call.get("reviews_close_at"):
            found.append((Part.DATES, _("Sans dates de lecture, personne ne pourra noter les dossiers.")))
        if not any(field.key == "title" for section in self.terms.form.sections for field in section.fields):
            found.append(
                (Part.FORM, _("Le formulaire ne demande plus le titre du projet : les dossiers n’auront pas de nom."))
            )
        if not self.document.get("milestones"):
            found.append((Part.MILESTONES, _("Sans jalons, les projets n’auront pas de calendrier.")))
        return found

    def stops(self, current: str) -> list[Stop]:
        """The side list."""
        lacking = {WHERE.get(reason.code) for reason in self.obstacles}
        found = [
            Stop(
                page.part,
                str(page.title),
                self._address(page.slug),
                self._state(page.part, lacking),
                page.slug == current,
            )
            for page in PAGES
        ]
        form = Stop(
            *(Part.FORM, _("Formulaire"), url_for("call.form", slug=self.call.slug)),
            *(self._state(Part.FORM, lacking), current == "formulaire"),
        )
        return [*found[:4], form, *found[4:]]

    def _address(self, slug: str) -> str:
        return url_for("call.part", slug=self.call.slug, part=slug)

    def _state(self, part: Part, lacking: set[Part | None]) -> str:
        if part in lacking:
            return "fix"
        return "done" if self._holds(part) else "empty"

    def _holds(self, part: Part) -> bool:
        """Whether something is written in a part."""
        call = self.document.get("call", {})
        roots = {
            Part.TEXT: call.get("text"),
            Part.DATES: call.get("closes_at"),
            Part.AMOUNTS: self.document.get("envelope", {}).get("total_cents"),
            Part.RULES: call.get("kind") or self.document.get("rules"),
            Part.COMMITTEE: call.get("reviews_required") or call.get("quorum"),
        }
        names = {
            Part.FORM: "form",
            Part.DOCUMENTS: "documents",
            Part.RUBRIC: "criteria",
            Part.LETTERS: "letters",
            Part.TRANCHES: "tranches",
            Part.MILESTONES: "milestones",
            Part.REMINDERS: "reminders",
            Part.ACCOMPANIMENT: "accompaniment",
        }
        return bool(roots[part] if part in roots else self.document.get(names[part]))


def desk_of(slug: str, action: Action = Action.CALL_DRAFT) -> Desk:
    """The call of this address for a person who writes it. Raises NotFound, NotAllowed."""
    session = db.session()
    call = call_for(session, current_actor(), slug)
    allow(action, call)
    draft = draft_of(session, call)
    return Desk(call, draft, document_of(session, call, draft))


def seen(part: object) -> str:
    """The fingerprint of a part as a page showed it: what came meanwhile is told by it."""
    text = json.dumps(part, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def keep(desk: Desk, changes: Mapping[str, object]) -> None:
    """Save the document with these paths changed (None: not written any more). Raises Invalid, Conflict, NotFound."""
    document = with_paths(desk.document, changes)
    use_cases.save(actor=current_actor(), call=desk.call.public_id, document=document, version=desk.version)


def at(document: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 -- plain data
    """The value at a path; None where nothing is written."""
    here: Any = document
    for name in path.split("."):
        here = here.get(name) if isinstance(here, Mapping) else None
    return here


def with_paths(document: Mapping[str, Any], changes: Mapping[str, object]) -> Document:
    """A copy of the document with these paths set; None takes away, and with it what is left empty around it."""
    result: Document = json.loads(json.dumps(document))
    for path, value in changes.items():
        *above, last = path.split(".")
        places = [result]
        for name in above:
            places.append(places[-1].setdefault(name, {}))
        if value is None:
            places[-1].pop(last, None)
        else:
            places[-1][last] = value
        for name, outer, inner in zip(reversed(above), reversed(places[:-1]), reversed(places[1:]), strict=True):
            if not inner:
                outer.pop(name, None)
    return result


def may_write(call: Call) -> bool:
    """Whether to offer the editor."""
    return permits(Action.CALL_DRAFT, call)
