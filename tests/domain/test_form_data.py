"""Form definitions to and from plain data."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.default_form import DEFAULT_DOCUMENTS, DEFAULT_FORM
from grants.domain.form_data import Faults, documents_data, form_data, read_documents, read_field, read_form
from grants.domain.forms import Choice, Field, FieldKind, Form, Section, SectionKind

pytestmark = pytest.mark.pure

FULL = {
    "version": "1",
    "sections": [
        {
            "key": "who",
            "title": "Qui",
            "fields": [
                {
                    "key": "kind",
                    "kind": "choice",
                    "label": "Nature",
                    "choices": [{"value": "town", "label": "Ville"}, {"value": "other", "label": "Autre"}],
                },
                {
                    "key": "which",
                    "kind": "line",
                    "label": "Laquelle",
                    "limit": 50,
                    "shown_if": {"field": "kind", "is": "other"},
                },
                {
                    "key": "people",
                    "kind": "group",
                    "label": "Personnes",
                    "most": 5,
                    "columns": [{"key": "name", "kind": "line", "label": "Nom", "marks": ["blind", "personal"]}],
                },
                {"key": "how_many", "kind": "computed", "label": "Combien", "formula": {"count": "people"}},
            ],
        },
        {"key": "budget", "title": "Budget", "kind": "budget", "shown_if": {"field": "kind", "is": "town"}},
    ],
}


def faults_of(data: object) -> list[tuple[str, str]]:
    faults = Faults()
    read_form(data, faults)
    return faults.found


def changed(path: str, value: object) -> dict[str, object]:
    data = copy.deepcopy(FULL)
    *way, last = path.split(".")
    place: object = data
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]  # type: ignore[index]
    place[int(last) if isinstance(place, list) else last] = value  # type: ignore[index]
    return data


def test_the_ordinary_form_and_its_documents_are_read_back_as_they_were() -> None:
    faults = Faults()
    assert read_form(form_data(DEFAULT_FORM), faults) == DEFAULT_FORM
    assert read_documents(documents_data(DEFAULT_DOCUMENTS), faults) == DEFAULT_DOCUMENTS
    assert faults.found == []


def test_a_form_with_everything_is_written_as_it_was_read() -> None:
    faults = Faults()
    form = read_form(FULL, faults)
    assert (faults.found, form_data(form)) == ([], FULL)
    assert form.sections[1].kind is SectionKind.BUDGET
    assert [section.key for section in form.asked({"kind": "other"})] == ["who"]
    which = form.field("which")
    assert which is not None
    assert (which.asked({"kind": "other"}), which.asked({"kind": "town"})) == (True, False)


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("sections.0.fields.0.key", "Nature", ("sections.0.fields.0.key", "not_a_key")),
        ("sections.0.fields.0.label", " ", ("sections.0.fields.0.label", "needed")),
        ("sections.0.fields.0.kind", "script", ("sections.0.fields.0.kind", "unknown_kind")),
        ("sections.0.fields.0.choices", [], ("sections.0.fields.0.choices", "needed")),
        (
            "sections.0.fields.1.choices",
            [{"value": "a", "label": "A"}],
            ("sections.0.fields.1.choices", "not_for_this_kind"),
        ),
        ("sections.0.fields.1.limit", -1, ("sections.0.fields.1.limit", "not_a_whole_number")),
        ("sections.0.fields.1.limit", 10**6, ("sections.0.fields.1.limit", "not_a_whole_number")),
        ("sections.0.fields.1.limit", "50", ("sections.0.fields.1.limit", "not_a_whole_number")),
        ("sections.0.fields.1.required", "no", ("sections.0.fields.1.required", "not_yes_or_no")),
        (
            "sections.0.fields.1.shown_if",
            {"field": "people", "is": "x"},
            ("sections.0.fields.1.shown_if", "unknown_field"),
        ),
        ("sections.0.fields.1.shown_if", {"script": "x"}, ("sections.0.fields.1.shown_if", "not_a_condition")),
        ("sections.0.fields.1.onclick", "x", ("sections.0.fields.1.onclick", "unknown_key")),
        ("sections.0.fields.1.key", "kind", ("sections", "twice")),
        ("sections.0.fields.2.columns", [], ("sections.0.fields.2.columns", "needed")),
        ("sections.0.fields.2.columns.0.kind", "group", ("sections.0.fields.2.columns.0.kind", "not_in_a_row")),
        ("sections.0.fields.2.least", 6, ("sections.0.fields.2.most", "below_least")),
        ("sections.0.fields.3.formula", {"count": "nothing"}, ("sections.0.fields.3.formula", "unknown_field")),
        ("sections.0.fields.3.formula", None, ("sections.0.fields.3.formula", "needed")),
        ("sections.0.fields.0.marks", ["secret"], ("sections.0.fields.0.marks", "unknown_kind")),
        ("sections.1.fields", [{"key": "a", "label": "A"}], ("sections.1.fields", "no_fields_here")),
        ("sections.0.kind", "budget", ("sections", "budget_twice")),
        ("sections.1.key", "who", ("sections", "twice")),
        ("sections", {}, ("sections", "not_a_list")),
        ("sections.0", [], ("sections.0", "not_an_object")),
    ],
)
def test_what_the_pages_could_not_show_is_told_with_its_place(path: str, value: object, fault: tuple[str, str]) -> None:
    assert fault in faults_of(changed(path, value))


def test_a_form_of_too_many_sections_is_cut_and_told() -> None:
    data = {"version": "1", "sections": [{"key": f"s{n}", "title": "S"} for n in range(41)]}
    assert ("sections", "too_many") in faults_of(data)


KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
PLAIN_FIELDS = st.builds(
    Field,
    key=KEYS,
    kind=st.sampled_from([FieldKind.LINE, FieldKind.TEXT, FieldKind.WHOLE, FieldKind.DAY, FieldKind.CONSENT]),
    label=st.text(min_size=1, max_size=20).filter(str.strip),
    limit=st.integers(0, 5000),
    required=st.booleans(),
)
CHOICES = st.builds(
    Field,
    key=KEYS,
    kind=st.sampled_from([FieldKind.CHOICE, FieldKind.CHOICES]),
    label=st.just("Choix"),
    choices=st.lists(KEYS, min_size=1, max_size=4, unique=True).map(lambda v: tuple(Choice(one, one) for one in v)),
)


@given(st.lists(st.one_of(PLAIN_FIELDS, CHOICES), max_size=6, unique_by=lambda field: field.key))
def test_whatever_form_is_written_is_read_back(fields: list[Field]) -> None:
    faults = Faults()
    form = Form("1", (Section("one", "Une", tuple(fields)),))
    assert read_form(form_data(form), faults) == form
    assert faults.found == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=4) | st.integers(),
        lambda x: (
            st.lists(x, max_size=4)
            | st.dictionaries(
                st.sampled_from(["key", "fields", "choices", "sections", "rows", "kind", "label"]), x, max_size=4
            )
        ),
    )
)
def test_any_data_is_read_with_its_faults_and_never_fails(data: object) -> None:
    faults = Faults()
    read_form(data, faults)
    read_field(data, "here", faults)
    read_documents(data, faults)
    assert faults.found


def test_papers_of_the_passport_are_kept_from_blind_readers_unless_the_call_says_otherwise() -> None:
    data = [
        {"key": "statutes", "label": "Statuts", "paper": "statutes"},
        {"key": "accounts", "label": "Comptes", "paper": "accounts", "blind": False},
        {"key": "letters", "label": "Lettres", "blind": True},
        {"key": "photo", "label": "Photo"},
    ]
    faults = Faults()
    kinds = read_documents(data, faults)
    assert not faults.found
    assert [kind.blind for kind in kinds] == [True, False, True, False]
    assert documents_data(kinds) == data
    read_documents([{"key": "a", "label": "A", "blind": "yes"}], faults)
    assert ("documents.0.blind", "not_yes_or_no") in faults.found
