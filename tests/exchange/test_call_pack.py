"""A call as one file."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.domain.terms import read_terms
from grants.exchange.call_pack import LARGEST, CallPack, PackError, read_pack, write_pack
from grants.exchange.shipped_packs import content_of, shipped

pytestmark = pytest.mark.pure

PACK = CallPack("Micro-soutien", {"v": 1, "call": {"title": "Été"}}, "Pour essayer.")


def altered(**more: object) -> bytes:
    return json.dumps({**json.loads(write_pack(PACK)), **more}).encode()


def test_a_pack_is_written_in_one_way_and_read_back() -> None:
    content = write_pack(PACK)
    assert content.endswith(b"}\n")
    assert "Été".encode() in content
    assert (read_pack(content), write_pack(read_pack(content))) == (PACK, content)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"{}", "not_a_pack"),
        (b"[]", "not_a_pack"),
        (altered(palabre="other"), "not_a_pack"),
        (altered(more=1), "not_a_pack"),
        (altered(v=2), "unknown_version"),
        (altered(name=3), "not_a_text"),
        (altered(name="n" * 201), "not_a_text"),
        (altered(about="a\u202eb"), "not_a_text"),
        (altered(terms=[]), "not_a_pack"),
        (b'{"palabre": "call-pack", "v": NaN}', "not_json"),
        (b" " * (LARGEST + 1), "too_large"),
    ],
)
def test_what_is_no_pack_is_refused_with_its_reason(content: bytes, why: str) -> None:
    with pytest.raises(PackError) as error:
        read_pack(content)
    assert error.value.code == why


def test_a_title_with_the_spaces_of_french_typography_comes_back() -> None:
    pack = CallPack("Quels projets\u202f?\u00a0Édition 2027", {"v": 1}, "«\u00a0Ensemble\u00a0»")
    assert read_pack(write_pack(pack)) == pack


def test_terms_nested_too_deep_are_no_pack() -> None:
    deep: object = 1
    for _ in range(60):
        deep = [deep]
    with pytest.raises(PackError, match="not_a_pack"):
        read_pack(altered(terms={"v": 1, "x": deep}))


@pytest.mark.parametrize("key", sorted(shipped()))
def test_a_shipped_pack_has_no_fault_and_is_written_as_it_stands(key: str) -> None:
    content = content_of(key)
    assert content is not None
    pack = read_pack(content)
    terms, faults = read_terms(pack.terms)
    assert (faults, write_pack(pack)) == ((), content)
    assert terms.rules, "a model states its rules"
    assert sum(line["weight"] for line in pack.terms["criteria"]) == 100  # type: ignore[index, attr-defined]
    assert sum(line["share_bp"] for line in pack.terms["tranches"]) == 10_000  # type: ignore[index, attr-defined]
    assert not {"opens_at", "closes_at"} & terms.values().keys(), "a model has no dates"


def test_every_kind_of_call_that_the_product_is_for_has_a_model() -> None:
    kinds = {read_terms(pack.terms)[0].values()["kind"] for pack in shipped().values()}
    assert kinds == {"members_only", "open", "prize", "two_stages", "rolling"}
    assert {"city-actions", "actions-de-villes", "micro-soutien", "prix", "alliances"} <= shipped().keys()
    assert content_of("../pyproject") is None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with pytest.raises(PackError):
        read_pack(content)
