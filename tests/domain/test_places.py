"""The places of France: all of them, each once."""

import pytest

from grants.domain.places import DEPARTMENTS, PLACES, REGIONS, label_of

pytestmark = pytest.mark.pure


def test_there_are_eighteen_regions_and_a_hundred_and_one_departments() -> None:
    assert (len(REGIONS), len(DEPARTMENTS), len(PLACES)) == (18, 101, 120)


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("FR", "France entière"),
        ("REG-93", "Provence-Alpes-Côte d’Azur"),
        ("DEP-14", "Calvados (14)"),
        ("DEP-2A", "Corse-du-Sud (2A)"),
        ("DEP-976", "Mayotte (976)"),
        ("XX", None),
    ],
)
def test_departments_carry_their_number(code: str, label: str | None) -> None:
    assert label_of(code) == label
