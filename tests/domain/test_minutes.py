"""Minutes are written from the log alone; whoever is recused reads a log that does not depend on what is hidden."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.domain.minutes import minutes_of
from grants.domain.sitting_log import Entry, fingerprint, read, without, written

pytestmark = pytest.mark.pure

NOON = datetime(2026, 12, 11, 11, 0, tzinfo=UTC)
PEOPLE = [{"id": f"p{n}", "name": name} for n, name in enumerate(("Awa", "Bernard", "Chloé", "Dana"))]


def file(number: int, **more: object) -> dict[str, object]:
    return {
        "id": f"f{number}",
        "number": f"2026-{number:03d}",
        "title": f"Projet {number}",
        "lead": f"Association {number}",
        "requested_cents": 1_000_000 + number,
        **more,
    }


def log(*lines: tuple[str, dict[str, object]]) -> tuple[Entry, ...]:
    return tuple(
        Entry(rank, NOON + timedelta(minutes=rank), kind, data, "p0") for rank, (kind, data) in enumerate(lines, 1)
    )


CONVENED = (
    "convened",
    {
        "call": {"title": "Alliances", "edition": "2026", "envelope_cents": 10_500_000, "zone": "Europe/Paris"},
        "held_at": "2026-12-11T09:00:00+00:00",
        "place": "Paris",
        "secretary": PEOPLE[3],
        "members": [{**one, "title": "", "chair": one["id"] == "p1"} for one in PEOPLE[:3]],
    },
)
OPENED = (
    "opened",
    {
        "present": PEOPLE[:2],
        "files": [file(1, mean="81.25", reviews=3), file(2, mean=None, reviews=0)],
        "recusals": [{"file": file(2), "member": PEOPLE[0]}],
    },
)


def proposed(number: int, outcome: str = "awarded", cents: int = 900_000) -> tuple[str, dict[str, object]]:
    return "proposed", {"file": file(number), "outcome": outcome, "awarded_cents": cents, "motive": "Solide."}


def test_what_was_noted_is_what_is_read() -> None:
    told = minutes_of(
        log(
            CONVENED,
            ("present", {"members": PEOPLE[:2]}),
            OPENED,
            ("arrived", {"member": PEOPLE[2]}),
            ("called", {"file": file(2), "out": [PEOPLE[0]], "voters": 2}),
            ("note", {"file": file(2), "text": "Le budget est à revoir.", "moment": "after"}),
            ("ballot", {"file": file(2), "secret": True, "outcome": "reserve"}),
            ("stopped", {"file": file(2)}),
            ("ballot", {"file": file(2), "secret": False, "outcome": "awarded"}),
            ("voted", {"file": file(2), "secret": False, "member": PEOPLE[1], "choice": "for"}),
            ("voted", {"file": file(2), "secret": False, "member": PEOPLE[2], "choice": "against"}),
            ("counted", {"file": file(2), "secret": False, "for": 1, "against": 1, "abstained": 0}),
            proposed(1, cents=700_000),
            ("undone", {"file": file(1)}),
            proposed(1, cents=800_000),
            ("proposed", {"file": file(2), "outcome": "reserve", "reserve_rank": 1, "conditions_due_on": "2027-01-31"}),
            ("left", {"member": PEOPLE[0]}),
            ("closed", {"present": PEOPLE[1:3], "figures": {"awarded_cents": 800_000}}),
        )
    )

    assert (told.held_on, told.place, told.secretary) == (date(2026, 12, 11), "Paris", "Dana")
    assert told.present == ("Awa", "Bernard")
    assert told.absent == ()  # Chloé came later
    assert [(one.name, one.arrives) for one in told.moves] == [("Chloé", True), ("Awa", False)]
    assert told.recusals == (("2026-002", "Awa"),)
    one, two = told.discussions
    assert (one.file.mean, one.file.reviews, two.file.mean) == ("81.25", 3, "")
    assert [proposal.undone_at is not None for proposal in one.proposals] == [True, False]
    assert one.decided is not None
    assert one.decided.awarded_cents == told.awarded_cents == 800_000
    assert (two.out, two.voters, two.notes) == (("Awa",), 2, ("Le budget est à revoir.",))
    (vote,) = two.votes  # the one that was stopped has said nothing
    assert (vote.counts, vote.outcome) == ((1, 1, 0), "awarded")
    assert two.votes[0].named == (("Bernard", "for"), ("Chloé", "against"))
    assert two.decided is not None
    assert (two.decided.reserve_rank, two.decided.conditions_due_on) == (1, date(2027, 1, 31))
    assert (told.count("awarded"), told.count("reserve"), told.count("rejected")) == (1, 1, 0)


def test_a_secret_vote_names_nobody() -> None:
    told = minutes_of(
        log(
            CONVENED,
            OPENED,
            ("ballot", {"file": file(1), "secret": True, "outcome": "awarded"}),
            ("voted", {"file": file(1), "secret": True, "number": 1}),
            ("counted", {"file": file(1), "secret": True, "for": 1, "against": 0, "abstained": 0}),
        )
    )
    (vote,) = told.discussions[0].votes
    assert (vote.secret, vote.counts, vote.named) == (True, (1, 0, 0), ())


def test_a_correction_asks_for_another_approval_and_a_struck_one_stays_readable() -> None:
    by = {"by": {**PEOPLE[1], "quality": "chair"}}
    lines = [
        CONVENED,
        OPENED,
        ("approved", {**by, "sha256": "a" * 64}),
        ("amended", {**by, "id": "a1", "text": "Lire douze."}),
    ]

    told = minutes_of(log(*lines))
    assert told.approved is None
    assert (told.amendments[0].id, told.amendments[0].text) == ("a1", "Lire douze.")

    told = minutes_of(
        log(
            *lines,
            ("struck", {**by, "amendment": "a1"}),
            ("amended", {**by, "file": file(1), "id": "a2", "text": "Lire dix."}),
        )
    )
    first, second = told.amendments
    assert first.struck_at is not None
    assert (second.id, second.file, second.struck_at) == ("a2", "2026-001", None)

    signing = ("signed", {**by, "sha256": "a" * 64, "network": {"name": "Le réseau", "address_lines": []}})
    told = minutes_of(log(*lines[:3], signing))
    assert told.signed is not None
    assert (told.signed.name, told.signed.quality, told.network["name"]) == ("Bernard", "chair", "Le réseau")


def test_signatures_do_not_change_the_fingerprint_of_what_they_sign() -> None:
    before = log(CONVENED, OPENED, proposed(1))
    signing = {"by": PEOPLE[0], "sha256": fingerprint(before)}
    after = (*before, Entry(9, NOON, "approved", signing), Entry(10, NOON, "signed", signing))
    assert fingerprint(after) == fingerprint(before)
    assert fingerprint(log(CONVENED, OPENED, proposed(1, cents=900_001))) != fingerprint(before)


def test_a_log_written_into_a_file_is_read_back() -> None:
    entries = log(CONVENED, OPENED, proposed(1))
    assert read(json.loads(json.dumps(written(entries)))) == entries
    with pytest.raises(ValueError, match="not the log"):
        read([{"rank": 1}])
    with pytest.raises(ValueError, match="not the log"):
        read("log")


# what the hidden files could have been

hidden_lines = st.lists(
    st.one_of(
        st.builds(
            lambda n, c: proposed(7, ("awarded", "rejected", "reserve")[n], c), st.integers(0, 2), st.integers(0)
        ),
        st.builds(lambda text: ("note", {"file": file(7), "text": text, "moment": "after"}), st.text(max_size=20)),
        st.just(("undone", {"file": file(7)})),
        st.builds(lambda n: ("called", {"file": file(7), "out": PEOPLE[:n], "voters": n}), st.integers(0, 4)),
        st.builds(
            lambda a, b: ("counted", {"file": file(7), "secret": True, "for": a, "against": b, "abstained": 0}),
            st.integers(0, 9),
            st.integers(0, 9),
        ),
        st.builds(lambda seed: ("lot", {"files": ["f1", "f7"], "seed": seed, "drawn": ["f7", "f1"]}), st.text()),
    ),
    max_size=6,
)


@settings(max_examples=200, deadline=None)
@given(hidden_lines, hidden_lines, st.text(max_size=6), st.integers(0, 5))
def test_the_log_of_the_recused_does_not_depend_on_what_is_hidden(
    some: list[tuple[str, dict[str, object]]],
    others: list[tuple[str, dict[str, object]]],
    mean: str,
    reviews: int,
) -> None:
    """AZ-13: nothing in an extract tells of a hidden file; not a count, a sum, a rank or a fingerprint."""

    def sitting(lines: list[tuple[str, dict[str, object]]], **scored: object) -> tuple[Entry, ...]:
        opened = {**OPENED[1], "files": [file(1, mean="81.25", reviews=3), file(7, **scored)]}
        closing = {"present": PEOPLE[:2], "figures": {"awarded_cents": len(lines)}}
        by = {"by": PEOPLE[1]}
        made = log(CONVENED, ("opened", opened), *lines, proposed(1), ("closed", closing))
        approval = Entry(99, NOON + timedelta(hours=2), "approved", {**by, "sha256": fingerprint(made)})
        # clocks are the room's, not the file's: what is left keeps its own times
        return tuple(replace(one, at=NOON) if one.kind in ("proposed", "closed") else one for one in (*made, approval))

    hidden = frozenset({"f7"})
    thin = without(sitting(some, mean="50.00", reviews=2), hidden)
    other = without(sitting(others, mean=mean, reviews=reviews), hidden)
    assert written(thin) == written(other)
    assert minutes_of(thin, extract=True) == minutes_of(other, extract=True)
    assert "2026-007" not in json.dumps(written(thin))


def test_nothing_hidden_is_the_whole_log() -> None:
    entries = log(CONVENED, OPENED, proposed(1))
    assert without(entries, frozenset()) == entries
