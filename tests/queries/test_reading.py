"""A file as its readers see it."""

import pytest
from sqlalchemy import Engine

from grants.db import transaction
from grants.domain.terms import read_terms, write_terms
from grants.models import TermsText
from grants.queries.reading import reading_of
from tests import builders

pytestmark = pytest.mark.db

FORM = {
    "version": "1",
    "sections": [
        {
            "key": "all",
            "title": "Tout",
            "fields": [
                {"key": "open", "kind": "line", "label": "Lisible"},
                {"key": "shut", "kind": "line", "label": "Confidentiel", "marks": ["confidential"]},
                {
                    "key": "people",
                    "kind": "group",
                    "label": "Personnes",
                    "columns": [{"key": "name", "kind": "line", "label": "Nom", "marks": ["confidential"]}],
                },
            ],
        }
    ],
}


def test_what_the_call_marks_confidential_is_for_its_programme_alone(database: Engine) -> None:
    content = {**write_terms({"title": "Appel"}), "form": FORM}
    terms, faults = read_terms(content)
    assert faults == ()
    with transaction() as session:
        session.add(TermsText(sha256=terms.sha256, content=content))
        row = builders.an_application(session, call=builders.a_call(session))
        row.terms_sha256 = terms.sha256
        row.answers = {"open": "vu", "shut": "caché", "people": [{"name": "Awa"}]}
        session.flush()
        judged = [told.field.key for part in reading_of(row).parts for told in part.answers]
        whole = [told.field.key for part in reading_of(row, whole=True).parts for told in part.answers]
    assert (judged, whole) == (["open"], ["open", "shut", "people"])
