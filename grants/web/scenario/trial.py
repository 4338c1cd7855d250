"""The form of a trial: the rules of the call, or of another scenario, as texts; what was typed, read back as rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grants.domain.money import format_plain, parse_amount
from grants.domain.numbers import NumberError, parse_number, parse_whole
from grants.domain.portfolio_problem import Objective
from grants.domain.reasons import Unreadable
from grants.domain.scenario_rules import WHOLE_BP, BoundRow, Rules
from grants.domain.selection_rules import ACTOR, MOST_FILES, TERRITORY, THEME, sound, split
from grants.errors import Invalid, Reason
from grants.queries.scenario import aside
from grants.queries.selection import Board
from grants.web.kit.labels import sentence
from grants.web.kit.selection_words import tag_of, words_of_tag

KINDS = (TERRITORY, THEME, ACTOR)
SPARE, MOST_BOUNDS = 2, 40
MOST_ROWS = 80  # files with fields of their own; of more, numbers are typed


@dataclass
class Trial:
    """The form as it is shown: texts by field, problems by field, how many rows of bounds it has."""

    texts: dict[str, str]
    bounds: int
    problems: dict[str, str] = field(default_factory=dict)

    def __call__(self, name: str) -> str:
        return self.texts.get(name, "")

    @property
    def names_files(self) -> bool:
        """Something is said of a file by itself."""
        return any(text for name, text in self.texts.items() if name.startswith(("dossier-", "montant-")))

    def refused(self, error: Invalid) -> None:
        """Keep what a use case found wrong."""
        self.problems |= {name: sentence(reason) for name, reason in error.problems.items()}


def stated(rules: Rules, board: Board, name: str = "", note: str = "") -> Trial:
    """The form of these rules."""
    numbers = {place.file.public_id: place.file.number for place in board.places}
    texts = {
        "name": name,
        "note": note,
        "envelope_cents": format_plain(rules.envelope_cents),
        "places": "" if rules.places is None else str(rules.places),
        "objective": str(rules.objective),
        "per_organisation": "" if rules.per_organisation is None else str(rules.per_organisation),
        "min_award_bp": f"{rules.min_award_bp / 100:g}".replace(".", ","),
        "include": ", ".join(numbers.get(one, "") for one in sorted(rules.include)),
        "exclude": ", ".join(numbers.get(one, "") for one in sorted(rules.exclude)),
        **{f"dossier-{one}": "in" for one in rules.include},
        **{f"dossier-{one}": "out" for one in rules.exclude},
        **{f"montant-{one}": format_plain(cents) for one, cents in rules.amounts.items()},
    }
    for rank, (tag, least, most) in enumerate(rules.bounds):
        texts[f"bound-{rank}-kind"] = split(tag)[0]
        texts[f"bound-{rank}-words"] = words_of_tag(tag)
        texts[f"bound-{rank}-min"] = "" if least is None else str(least)
        texts[f"bound-{rank}-max"] = "" if most is None else str(most)
    return Trial(texts, len(rules.bounds) + SPARE)


def typed(form: Mapping[str, str]) -> Trial:
    """The form as it was sent."""
    texts = {name: text for name, text in form.items() if name not in ("csrf_token", "request_id")}
    asked = [name.split("-")[1] for name in texts if name.startswith("bound-")]
    ranks = [int(rank) for rank in asked if rank.isdecimal() and len(rank) <= len(str(MOST_BOUNDS))]
    return Trial(texts, min(max(ranks, default=-1) + 1, MOST_BOUNDS))


def rows_of(board: Board) -> list[Any]:
    """The places that a trial may speak of: files that can be funded."""
    return [place for place in board.places if not aside(place.ranked)]


class _Reader:
    """Reads one field after the other; what cannot be read goes to the problems of the form."""

    def __init__(self, trial: Trial, board: Board) -> None:
        self.trial, self.board = trial, board

    def one(self, name: str, reader: Any, empty: Any = None) -> Any:  # noqa: ANN401 -- what the reader gives
        text = self.trial(name).strip()
        if not text:
            return empty
        try:
            return reader(text)
        except Unreadable as error:
            self.trial.problems[name] = sentence(error.as_reason)
        except ValueError:
            self.trial.problems[name] = sentence(Reason("not_a_number"))
        return empty

    def bounds(self) -> tuple[BoundRow, ...]:
        rows = (self._bound(rank) for rank in range(self.trial.bounds))
        return tuple(row for row in rows if row is not None)

    def _bound(self, rank: int) -> BoundRow | None:
        words, kind = self.trial(f"bound-{rank}-words").strip(), self.trial(f"bound-{rank}-kind")
        least, most = (self.one(f"bound-{rank}-{end}", _count) for end in ("min", "max"))
        if not words and least is None and most is None:
            return None
        tag = tag_of(kind, words) if kind in KINDS else ""
        if not sound(tag):
            self.trial.problems[f"bound-{rank}-words"] = sentence(Reason("empty"))
            return None
        if least is not None and most is not None and least > most:
            self.trial.problems[f"bound-{rank}-max"] = sentence(
                Reason("out_of_range", {"least": least, "most": MOST_FILES})
            )
        return tag, least, most

    def files(self, what: str, field_name: str) -> frozenset[str]:
        """Files ticked one by one, and those named by their numbers."""
        known = {place.file.number: place.file.public_id for place in self.board.places}
        ticked = {
            name.removeprefix("dossier-")
            for name, text in self.trial.texts.items()
            if name.startswith("dossier-") and text == what
        }
        named = [part.strip() for part in self.trial(field_name).replace(";", ",").split(",") if part.strip()]
        strangers = [part for part in named if part not in known]
        if strangers:
            self.trial.problems[field_name] = sentence(Reason("not_a_choice"))
        return frozenset(ticked | {known[part] for part in named if part in known})

    def amounts(self) -> dict[str, int]:
        names = [name for name in self.trial.texts if name.startswith("montant-")]
        read = {name.removeprefix("montant-"): self.one(name, parse_amount) for name in names}
        return {one: cents for one, cents in read.items() if cents is not None}


def understood(trial: Trial, board: Board) -> Rules:
    """The rules of what was typed. Raises Invalid when something cannot be read; the form then says what."""
    reader = _Reader(trial, board)
    objective = trial("objective")
    listed = len(rows_of(board)) <= MOST_ROWS
    rules = Rules(
        envelope_cents=reader.one("envelope_cents", parse_amount, 0),
        places=reader.one("places", _count),
        objective=Objective(objective) if objective in set(Objective) else Objective.SUM,
        bounds=reader.bounds(),
        per_organisation=reader.one("per_organisation", _count),
        min_award_bp=reader.one("min_award_bp", _share, WHOLE_BP),
        include=reader.files("in", "" if listed else "include"),
        exclude=reader.files("out", "" if listed else "exclude"),
        amounts=reader.amounts(),
    )
    if trial.problems:
        raise Invalid({})
    return rules


def _count(text: str) -> int:
    value = parse_whole(text)
    if not 0 <= value <= MOST_FILES:
        raise NumberError("out_of_range", least=0, most=MOST_FILES)
    return value


def _share(text: str) -> int:
    share = parse_number(text.replace("%", "").strip()) * 100
    if share != share.to_integral_value() or not 0 < share <= WHOLE_BP:
        raise NumberError("out_of_range", least=1, most=100)
    return int(share)
