"""A machine refuses to be built incoherent, collects every refusal, and filters what follows by kind."""

from dataclasses import dataclass
from enum import StrEnum

import pytest

from grants.errors import NotPossible
from grants.workflow.actions import Action
from grants.workflow.effects import Audience, Mail
from grants.workflow.facts import Picture
from grants.workflow.machine import IncoherentMachine, Machine, Move

pytestmark = pytest.mark.pure


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    OUT = "out"


@dataclass(frozen=True)
class Street(Picture):
    empty: bool = True
    dry: bool = True
    street_kind: str = "avenue"

    def kind(self) -> str:
        return self.street_kind


def empty(facts: Street) -> bool:
    return facts.empty


def dry(facts: Street) -> bool:
    return facts.dry


MOVES = [
    Move(
        Action.CALL_PUBLISH,
        (Light.RED,),
        Light.GREEN,
        (empty, dry),
        (Mail("go", Audience.TEAM), Mail("go-slowly", Audience.TEAM, when="lane")),
    ),
    Move(Action.CALL_DRAFT, (Light.GREEN,), guards=(dry,)),
    Move(Action.CALL_CLOSE, (Light.GREEN,), Light.OUT),
]


def a_machine(moves: list[Move[Street]] = MOVES) -> Machine[Street]:
    return Machine("light", Light, initial=Light.RED, finals=[Light.OUT], moves=moves)


def test_a_move_goes_where_its_row_says() -> None:
    assert a_machine().plan("red", Action.CALL_PUBLISH, Street()).to is Light.GREEN


def test_a_move_without_target_stays() -> None:
    assert a_machine().plan("green", Action.CALL_DRAFT, Street()).to is Light.GREEN


def test_every_reason_is_collected() -> None:
    with pytest.raises(NotPossible) as refusal:
        a_machine().plan("red", Action.CALL_PUBLISH, Street(empty=False, dry=False))
    assert [reason.code for reason in refusal.value.reasons] == ["empty", "dry"]


def test_an_action_without_a_row_is_refused_with_the_state() -> None:
    (reason,) = a_machine().obstacles("out", Action.CALL_PUBLISH, Street())
    assert (reason.code, reason.params["state"]) == ("not_from_here", "out")


def test_what_follows_depends_on_the_kind() -> None:
    lane = a_machine().plan("red", Action.CALL_PUBLISH, Street(street_kind="lane"))
    avenue = a_machine().plan("red", Action.CALL_PUBLISH, Street())
    assert [effect.name for effect in lane.effects if isinstance(effect, Mail)] == ["go", "go-slowly"]
    assert [effect.name for effect in avenue.effects if isinstance(effect, Mail)] == ["go"]


def test_the_actions_of_a_state_are_listed_whatever_the_guards() -> None:
    assert a_machine().actions_from("green") == (Action.CALL_DRAFT, Action.CALL_CLOSE)
    assert a_machine().actions == (Action.CALL_PUBLISH, Action.CALL_DRAFT, Action.CALL_CLOSE)


@pytest.mark.parametrize(
    ("moves", "complaint"),
    [
        ([*MOVES, Move(Action.CALL_CLOSE, (Light.GREEN,), Light.RED)], "stands twice"),
        (MOVES[:2], "out is never reached"),
        ([*MOVES, Move(Action.CALL_PUBLISH, (Light.OUT,), Light.RED)], "out is final but is left"),
        ([MOVES[0], Move(Action.CALL_CLOSE, (Light.RED,), Light.OUT)], "green is never left"),
    ],
)
def test_an_incoherent_table_is_not_built(moves: list[Move[Street]], complaint: str) -> None:
    with pytest.raises(IncoherentMachine, match=complaint):
        a_machine(moves)
