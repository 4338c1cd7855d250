"""Who read a file is not told to those who applied: on no page, in no header, no file, no mail. RV-07."""

import pytest
from sqlalchemy import update

from grants.db import transaction
from grants.models import Account, Review
from tests.matrix.conftest import Stage
from tests.matrix.table import ROWS
from tests.matrix.test_matrix import address

pytestmark = pytest.mark.db
READERS = ("RV", "R2", "RN", "RX", "CH")
SECRET = "Ombeline Zwartveld"
MAILBOX = "ombeline.zwartveld"


def _renamed(scene: Stage) -> list[str]:
    """Every reader has a name that stands nowhere else; what would tell them, and their reviews, apart."""
    told = [SECRET, MAILBOX]
    with transaction() as session:
        for code in READERS:
            reader = scene.world.cast[code]
            values = {"name": f"{SECRET} {code}", "email": f"{MAILBOX}.{code.lower()}@exemple.invalid"}
            session.execute(update(Account).where(Account.id == reader.id).values(**values))
            told.append(reader.public_id)
        told += [row.public_id for row in session.query(Review)]
    return told


def _found(scene: Stage, code: str, told: list[str]) -> dict[str, list[str]]:
    found = {}
    for row in (row for row in ROWS if row.method == "GET"):
        path, query = address(scene, row)
        answer = scene.client(code).get(path, query_string=query)
        content = answer.data.decode("utf-8", "replace") + repr(sorted(answer.headers.items()))
        if names := [one for one in told if one in content.replace(path, "")]:
            found[path] = names
    return found


@pytest.mark.parametrize("code", ["AM", "AL", "xAL", "CO", "AN"])
def test_rv_07_no_address_tells_an_applicant_who_read_a_file(scene: Stage, code: str) -> None:
    found = _found(scene, code, _renamed(scene))
    assert not found, "\n".join(f"{path}: {names}" for path, names in found.items())


def test_rv_07_the_same_walk_finds_them_where_they_are_known(scene: Stage) -> None:
    """Otherwise looking for them everywhere would prove nothing."""
    assert len(_found(scene, "PM", _renamed(scene))) > 3
