"""A feedback names nobody who judged, nobody else who applied, and repeats nothing that was written to stay inside."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain import feedback_guard as guard
from grants.domain.feedback_guard import Around, Finding, Kind, examine

pytestmark = pytest.mark.pure
NOTE = "je connais bien ce porteur et son dossier me semble très mal ficelé"
COMMENT = "Les partenaires du Sud décident peu de ce qui sera fait chez eux."
AROUND = Around(
    people=("Jeanne Marchand", "Karim BEN YOUSSEF", "Élodie Le Goff", "Petit Sylvain"),
    numbers=("2027-011", "2027-012", "2027-013"),
    titles=("Des rives et des ponts", "Semences"),
    organisations=("Association Terre d’Asile", "Groupe d’Aide aux Migrants (GAM)", "Ville de Nantes"),
    inside=(NOTE, COMMENT, "Très bien", "Budget vraiment sous-estimé"),
    told=(
        "Pêche artisanale à Nantes, avec la Ville de Nantes",
        "Le budget est réaliste.",
        "Le projet est porté par Awa Diop",
    ),
    own_number="2027-012",
)


def kinds(text: str, around: Around = AROUND) -> set[tuple[str, bool]]:
    return {(str(one.kind), one.hard) for one in examine(text, around)}


@pytest.mark.parametrize(
    "text",
    [
        "Jeanne Marchand souligne l’ambition.",
        "jeanne marchand souligne l’ambition.",
        "MARCHAND Jeanne souligne l’ambition.",
        "Selon Marchand, le budget tient.",
        "Marchand souligne l’ambition.",
        "M. ben youssef a relevé un point.",
        "J. marchand a relevé un point.",
        "K. Ben Youssef a relevé un point.",
        "ELODIE LE-GOFF a relevé un point.",
        "E\u0301lodie\u00a0Le\u00a0Goff a relevé un point.",
        "Jeanne Mar\u200bchand a relevé un point.",
    ],
)
def test_a_name_of_somebody_who_judged_must_be_mended_however_it_is_written(text: str) -> None:
    assert ("person", True) in kinds(text)


@pytest.mark.parametrize(
    "text", ["Le marchand de poisson y gagne.", "Un petit budget, une grande idée.", "Le marché est étroit."]
)
def test_an_ordinary_word_that_is_also_a_name_passes_without_a_capital(text: str) -> None:
    assert kinds(text) == set()


def test_a_first_name_alone_is_confirmed() -> None:
    assert kinds("Comme le dit Karim, le calendrier est serré.") == {("given", False)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Moins solide que Terre d’Asile.", "organisation"),
        ("Moins solide que TERRE-D'ASILE.", "organisation"),
        ("Le GAM fait mieux.", "organisation"),
        ("Voir aussi « Des rives et des ponts ».", "title"),
        ("Le dossier 2027-011 est proche du vôtre.", "number"),
        ("Le dossier 2027/013 est proche du vôtre.", "number"),
        ("La candidature n° 11 est proche de la vôtre.", "number"),
        ("Écrivez à jeanne@exemple.org.", "email"),
        ("Écrivez à jeanne (at) exemple.org.", "email"),
        ("Appelez le 06 12 34 56 78.", "phone"),
        ("Appelez le +33 6 12 34 56 78.", "phone"),
        ("On le dit ici : je connais bien ce porteur, et son dossier est beau.", "inside"),
        ("Les partenaires du sud décident peu de ce qui se fera.", "inside"),
        ("Budget, vraiment, sous-estimé.", "inside"),
    ],
)
def test_other_files_addresses_and_what_stays_inside_must_be_mended(text: str, kind: str) -> None:
    assert (kind, True) in kinds(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Une note de 3 pour la pertinence.", "mark"),
        ("La pertinence obtient 4,5/5.", "mark"),
        ("Votre projet obtient 72 sur 100.", "mark"),
        ("Votre projet est classé 12e.", "rank"),
        ("Un évaluateur a des doutes.", "reader"),
        ("L’une des lectrices a des doutes.", "reader"),
    ],
)
def test_a_mark_a_rank_or_one_person_among_those_who_judged_is_confirmed(text: str, kind: str) -> None:
    assert kinds(text) == {(kind, False)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Votre projet de pêche artisanale est bien ancré dans son territoire.",
        "Le budget est réaliste. Il prévoit 3 ateliers en 2027 et 12 participants.",
        "Le dossier 12 est le vôtre : 2027-012.",
        "Très bien dans l’ensemble.",
        "Semences et récoltes sont bien décrites.",
        "Nous vous écrirons au 1er mars 2027.",
    ],
)
def test_what_the_applicants_may_read_passes(text: str) -> None:
    assert examine(text, AROUND) == ()


NAMES = Around(
    organisations=(
        *("Ensemble", "Collectif des femmes du Sahel", "Association Les Amis de Beira", "Entraide Solidarité Sahel"),
        *("Racines", "Institut de recherche (IRD)"),
    )
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ensemble, vous irez loin.", {("namesake", False)}),
        ("Vous irez loin ensemble, avec vos racines.", set()),
        ("Votre projet ressemble à celui de Racines.", {("organisation", True)}),
        ("Le projet sert les femmes du Sahel.", {("namesake", False)}),
        ("Rapprochez-vous du collectif des femmes du Sahel.", {("organisation", True)}),
        ("Rapprochez-vous des Femmes du Sahel.", {("organisation", True)}),
        ("Femmes du Sahel : un beau nom.", {("namesake", False)}),
        ("L’étape de Beira est courte.", {("namesake", False)}),
        ("Votre place dans l’ESS est claire.", {("namesake", False)}),
        ("L’IRD fait de même.", {("organisation", True)}),
    ],
)
def test_ordinary_words_that_are_in_a_name_are_for_the_author_to_confirm(
    text: str, expected: set[tuple[str, bool]]
) -> None:
    assert kinds(text, NAMES) == expected


def test_what_the_applicants_know_is_confirmed_rather_than_refused() -> None:
    """The town is another applicant, and a partner in this file; the applicants' own Diop is a colleague's name too."""
    assert kinds("La Ville de Nantes s’engage.") == {("organisation", False)}
    diop = Around(people=("Mariama Diop",), told=AROUND.told)
    assert kinds("Mme Diop porte le projet.", diop) == {("person", False)}
    assert kinds("Mariama Diop l’a lu.", diop) == {("person", True)}


def test_a_comment_that_was_chosen_is_told_and_the_others_are_held_back() -> None:
    chosen = Around(inside=(NOTE,), told=(COMMENT,))
    assert examine(COMMENT, chosen) == ()
    assert ("inside", True) in kinds(COMMENT)


def test_it_is_shown_where_and_once() -> None:
    text = "Selon Jeanne Marchand, M. Marchand et le dossier 2027-011."
    found = examine(text, AROUND)
    assert [(one.kind, text[one.start : one.end], one.hard) for one in found] == [
        (Kind.PERSON, "Jeanne Marchand", True),
        (Kind.PERSON, "Marchand", True),
        (Kind.NUMBER, "2027-011", True),
    ]
    assert [one.words for one in found] == [text[one.start : one.end] for one in found]


def test_what_is_confirmed_is_these_words_and_no_others() -> None:
    found = examine("La pertinence obtient 4,5/5.", AROUND)
    codes = [one.code for one in found]
    assert guard.unconfirmed(found, codes) == ()
    assert guard.unconfirmed(examine("La pertinence obtient 1,5/5.", AROUND), codes) != ()
    assert guard.hard(found) == ()
    name = examine("Jeanne Marchand", AROUND)
    assert guard.hard(name) != ()  # confirming does not help
    assert guard.unconfirmed(name, [one.code for one in name]) == ()


WORDS = st.sampled_from(
    ["le", "projet", "ancre", "territoire", "avec", "partenaires", "calendrier", "clair", "mais", "effets"]
)
FILLER = st.lists(WORDS, max_size=12).map(" ".join)
SECRETS = st.sampled_from(
    [
        *AROUND.people,
        *(number for number in AROUND.numbers if number != AROUND.own_number),
        *("Association Terre d’Asile", "Groupe d’Aide aux Migrants", "Des rives et des ponts", NOTE, COMMENT),
        *("quelquun@exemple.org", "06 12 34 56 78"),
    ]
)
CASES = st.sampled_from([str, str.upper, str.lower, str.title])
SPACES = st.sampled_from([" ", "\u00a0", "  ", "\n", " \u200b"])


@given(before=FILLER, secret=SECRETS, after=FILLER, case=CASES, space=SPACES)
def test_whatever_must_stay_inside_is_found_wherever_it_was_put(
    before: str, secret: str, after: str, case: "type[str]", space: str
) -> None:
    """Property: any name, number, title, address or private stretch, in any case and spacing, between any words."""
    told = secret if "@" in secret or secret[0] == "0" else re.sub(" ", space, case(secret))
    text = f"{before}. {told}. {after}"
    found = [one for one in examine(text, AROUND) if one.hard]
    start, end = text.index(told), text.index(told) + len(told)
    assert any(_meets(one, start, end) for one in found), text


def _meets(one: Finding, start: int, end: int) -> bool:
    return one.start < end and start < one.end


@given(st.lists(FILLER, max_size=4).map(". ".join))
def test_a_text_of_plain_words_is_never_refused(text: str) -> None:
    assert guard.hard(examine(text, AROUND)) == ()
