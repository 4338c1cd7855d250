"""A life as a table: which action is possible from where, on which conditions, and what follows.

A machine checks itself when it is built. It knows nobody (who may act stands in `grants.policies`) and stores
nothing (`grants.services.lifecycle` does); a question to it has the same answer for ever.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from grants.errors import NotPossible, Reason
from grants.workflow.actions import Action
from grants.workflow.effects import Effect


class Facts(Protocol):
    """What the guards of a machine look at: a frozen picture taken by the service."""

    def words(self) -> dict[str, object]:
        """The facts as plain values, for the sentence that explains a refusal."""
        ...  # pragma: no cover

    def kind(self) -> str:
        """What selects among effects (`when`), e.g. the outcome of a decision."""
        ...  # pragma: no cover


F = TypeVar("F", bound=Facts)


@dataclass(frozen=True)
class Move(Generic[F]):
    """One row. `to` None: the action changes no state. Guards are named statements that must be true."""

    action: Action
    frm: tuple[StrEnum, ...]
    to: StrEnum | None = None
    guards: tuple[Callable[[F], bool], ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What will happen: the state afterwards and the promises to make."""

    to: StrEnum
    effects: tuple[Effect, ...]


class IncoherentMachine(Exception):
    """The table contradicts itself; raised when the module is imported."""


class Machine(Generic[F]):
    """The life of one kind of object."""

    def __init__(
        self, name: str, states: type[StrEnum], *, initial: StrEnum, finals: Iterable[StrEnum], moves: Iterable[Move[F]]
    ) -> None:
        self.name = name
        self.states = states
        self.initial = initial
        self.finals = frozenset(finals)
        self.moves = tuple(moves)
        self._rows = {(state, move.action): move for move in self.moves for state in move.frm}
        self._check()

    def _check(self) -> None:
        problems = []
        if len(self._rows) != sum(len(move.frm) for move in self.moves):
            problems.append("an action stands twice for one state")
        reached = {self.initial} | {move.to for move in self.moves if move.to is not None}
        problems += [f"{state} is never reached" for state in self.states if state not in reached]
        leaving = {state for (state, _), move in self._rows.items() if move.to not in (None, state)}
        problems += [f"{state} is final but is left" for state in self.finals & leaving]
        problems += [
            f"{state} is never left and not final" for state in self.states if state not in leaving | self.finals
        ]
        if problems:
            message = f"{self.name}: {'; '.join(problems)}"
            raise IncoherentMachine(message)

    @property
    def actions(self) -> tuple[Action, ...]:
        """The actions of this life, in the order of the table."""
        return tuple(dict.fromkeys(move.action for move in self.moves))

    def actions_from(self, state: str) -> tuple[Action, ...]:
        """The actions that have a row for `state`, whatever their guards say."""
        here = self.states(state)
        return tuple(move.action for move in self.moves if here in move.frm)

    def obstacles(self, state: str, action: Action, facts: F) -> tuple[Reason, ...]:
        """Every reason why `action` is not possible now; empty when it is."""
        move = self._rows.get((self.states(state), action))
        if move is None:
            return (Reason("not_from_here", {"state": str(state), "machine": self.name}),)
        words = facts.words()
        return tuple(Reason(guard.__name__, words) for guard in move.guards if not guard(facts))

    def plan(self, state: str, action: Action, facts: F) -> Plan:
        """What `action` does from `state`. Raises NotPossible with all the reasons."""
        reasons = self.obstacles(state, action, facts)
        if reasons:
            raise NotPossible(action, reasons)
        move = self._rows[self.states(state), action]
        kind = facts.kind()
        effects = tuple(effect for effect in move.effects if effect.when in ("", kind))
        return Plan(self.states(state) if move.to is None else move.to, effects)
