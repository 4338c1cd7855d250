"""The form of a file as data."""

import pytest

from grants.domain.default_form import DEFAULT_FORM, DOCUMENT_LABELS, REQUIRED_DOCUMENTS
from grants.domain.forms import FieldKind, SectionKind

pytestmark = pytest.mark.pure


def test_the_sections_come_in_the_order_of_the_file():
    keys = [section.key for section in DEFAULT_FORM.sections]
    assert keys == ["identity", "partners", "territories", "project", "budget", "documents", "declarations"]


def test_no_field_key_stands_twice():
    keys = [field.key for section in DEFAULT_FORM.sections for field in section.fields]
    assert len(set(keys)) == len(keys)


def test_every_written_answer_has_a_limit():
    fields = [field for section in DEFAULT_FORM.sections for field in section.fields]
    assert all(field.limit > 0 for field in fields if field.kind is not FieldKind.DECLARATION)
    assert {field.key: field.limit for field in fields if field.limit >= 1000} == {
        "summary": 1000,
        "context": 3000,
        "activities": 3000,
        "alliance": 3000,
        "learning": 2000,
        "effects": 2000,
        "equality_climate": 1500,
    }


def test_only_sections_of_answers_have_fields():
    assert all(bool(s.fields) is (s.kind is SectionKind.FIELDS) for s in DEFAULT_FORM.sections)


def test_sections_and_fields_are_found_by_key():
    project = DEFAULT_FORM.section("project")
    assert project is not None
    assert project is DEFAULT_FORM.section_of("title")
    title = DEFAULT_FORM.field("title")
    assert title is not None
    assert title.label == "Titre du projet"
    nothing = (DEFAULT_FORM.section("nothing"), DEFAULT_FORM.field("nothing"), DEFAULT_FORM.section_of("nothing"))
    assert nothing == (None, None, None)


def test_every_required_document_has_a_name():
    assert set(REQUIRED_DOCUMENTS) < set(DOCUMENT_LABELS)
