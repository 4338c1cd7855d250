"""The places of France: all of them, each once."""

import pytest

from grants.domain.places import COLLECTIVITIES, DEPARTMENTS, PLACES, REGIONS, iso_of, label_of

pytestmark = pytest.mark.pure


def test_there_are_eighteen_regions_and_a_hundred_and_one_departments() -> None:
    assert (len(REGIONS), len(DEPARTMENTS)) == (18, 101)


def test_with_the_collectivities_there_are_a_hundred_and_nine_codes_of_departments() -> None:
    assert len(DEPARTMENTS | COLLECTIVITIES) == 109
    assert len(PLACES) == 18 + 109 + 1


def test_a_region_and_a_department_of_one_number_are_two_places() -> None:
    """93 is Provence-Alpes-Côte d’Azur and Seine-Saint-Denis: the type is part of the code."""
    colliding = {code[4:] for code in REGIONS} & {code[4:] for code in DEPARTMENTS}
    assert colliding >= {"93", "75", "44", "32", "52", "53", "76", "84", "28", "27", "24", "11", "94", "06"}
    assert all(label_of(f"REG-{code}") != label_of(f"DEP-{code}") for code in colliding)
    assert all(iso_of(f"REG-{code}") != iso_of(f"DEP-{code}") for code in colliding)


@pytest.mark.parametrize(
    ("code", "iso"),
    [("REG-93", "FR-PAC"), ("DEP-93", "FR-93"), ("REG-04", "FR-974"), ("DEP-987", "FR-PF"), ("FR", "FR"), ("93", None)],
)
def test_a_place_has_its_international_name(code: str, iso: str | None) -> None:
    assert iso_of(code) == iso


def test_every_place_has_an_international_name() -> None:
    assert all(iso_of(code) for code in PLACES)


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
