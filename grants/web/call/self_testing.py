"""The self-test of a call, before any account: one page of questions derived from its rules. Nothing is kept."""

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from grants import clock
from grants.db import db
from grants.domain.eligibility import Rule
from grants.domain.eligibility_facts import Facts
from grants.domain.self_test import Ask, Found, Question, Standing, answered, questions
from grants.domain.terms import Terms
from grants.errors import NotFound
from grants.queries.call import Stage, by_slug, stage_of
from grants.queries.eligibility import call_facts, rules_of
from grants.queries.terms import terms_of
from grants.web.call.views import blueprint
from grants.web.kit.access import current_actor, may
from grants.web.kit.countries import countries
from grants.web.kit.labels import ACTOR_KINDS, sentence
from grants.web.kit.language import current_language
from grants.web.kit.language import gettext as _
from grants.web.kit.responses import page
from grants.web.kit.rule_words import name_of, question_of, text_of
from grants.workflow.actions import Action

LOOKS = {Standing.YES: ("ok", "check"), Standing.MAYBE: ("warn", "warn"), Standing.NO: ("danger", "cross")}
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """A question on the page, with what was answered and what was wrong with it."""

    key: str
    ask: str
    text: str
    hint: str
    choices: Choices
    typed: tuple[str, ...]
    error: str


@dataclass(frozen=True)
class Line:
    """What the answers say of one rule."""

    name: str
    article: str
    text: str
    standing: str
    word: str
    soft: bool
    details: tuple[str, ...]


@blueprint.get("/<any(fr, en):language>/appels/<slug>/eligibilite")
@may(Action.CALL_BROWSE)
def ask(language: str, slug: str) -> ResponseReturnValue:
    """The questions."""
    return _page(language, slug)


@blueprint.post("/<any(fr, en):language>/appels/<slug>/eligibilite")
@may(Action.CALL_BROWSE)
def answer(language: str, slug: str) -> ResponseReturnValue:
    """What the rules say of the answers, each with its article; the answers are shown again and forgotten."""
    return _page(language, slug, judged=True)


def _page(language: str, slug: str, *, judged: bool = False) -> ResponseReturnValue:
    now, session = clock.now(), db.session()
    call = by_slug(session, current_actor(), slug)
    if call.imported:
        raise NotFound(slug)
    rules, terms, base = rules_of(call), terms_of(call), call_facts(call)
    asked = questions(rules)
    typed = {one.key: request.form.getlist(one.key) for one in asked} if judged else {}
    result = answered(rules, base, typed) if judged else None
    problems = result.problems if result is not None else {}
    shown = tuple(
        _asked(one, terms, tuple(typed.get(one.key, ())), sentence(problems[one.key]) if one.key in problems else "")
        for one in asked
    )
    return page(
        "call/self_test.html",
        422 if problems else 200,
        call=call,
        language=language,
        questions=shown,
        result=None if problems else result,
        lines=_lines(result.found, base, terms) if result is not None and not problems else (),
        open=stage_of(call, now) is Stage.OPEN,
        unasked=_unasked(rules, base, terms, {one.rule.key for one in result.found} if result else set()),
        looks=LOOKS,
    )


def _lines(found: tuple[Found, ...], base: Facts, terms: Terms) -> tuple[Line, ...]:
    """What refuses first, then what is to be looked at."""
    order = (Standing.NO, Standing.MAYBE, Standing.YES)
    words = {Standing.YES: _("Respectée"), Standing.MAYBE: _("À vérifier"), Standing.NO: _("Non respectée")}
    return tuple(
        Line(
            name=name_of(one.rule, terms),
            article=one.rule.article,
            text=text_of(one.rule, base, terms),
            standing=str(one.standing),
            word=words[one.standing],
            soft=one.rule.soft,
            details=tuple(sentence(reason) for reason in one.details) if one.standing is Standing.NO else (),
        )
        for one in sorted(found, key=lambda one: order.index(one.standing))
    )


def _unasked(rules: tuple[Rule, ...], base: Facts, terms: Terms, asked: set[str]) -> tuple[Line, ...]:
    """The rules that only a whole file can answer: told, so that nobody is surprised later."""
    rest = [rule for rule in rules if rule.key not in asked]
    return tuple(
        Line(name_of(rule, terms), rule.article, text, "", "", rule.soft, ())
        for rule in rest
        if (text := text_of(rule, base, terms))
    )


def _asked(question: Question, terms: Terms, typed: tuple[str, ...], error: str) -> Asked:
    text, hint = question_of(question, terms)
    return Asked(question.key, str(question.ask), text, hint, _choices(question), typed, error)


def _choices(question: Question) -> Choices:
    """What there is to choose from; nothing for what is typed."""
    unknown = (("", _("Je ne sais pas")),)
    kinds = tuple((key, _(str(words))) for key, words in ACTOR_KINDS.items())
    lands = countries(current_language())
    offered: dict[Ask, Choices] = {
        Ask.YES_NO: (("yes", _("Oui")), ("no", _("Non")), *unknown),
        Ask.KINDS: kinds,
        Ask.KIND: (*unknown, *kinds),
        Ask.COUNTRY: (*unknown, *lands),
        Ask.COUNTRY_OR_NONE: (*unknown, ("none", _("Aucun : le projet agit en France seulement")), *lands),
        Ask.FORM: (*unknown, *((form, form) for form in question.choices), ("–", _("Une autre forme"))),
    }
    return offered.get(question.ask, ())
