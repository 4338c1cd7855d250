"""What every analysis shares: it reads JSON in FILE or from standard input, prints JSON, and refuses in one line.

An analysis is a function of (document, seed) that returns an `Answer`; `analysis` makes a command of it. It raises
`Refused` for an input it cannot use. The readers below raise it with the place of what is wrong.
"""

import json
import math
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

import click

ERROR = 2
SHOWN = 40
LONGEST_NAME = 200
UNWRITTEN = ("Cc", "Cs")  # line breaks and other controls; halves of a character
LARGEST_SEED = 2**64 - 1


class Refused(click.ClickException):
    """An input that cannot be used, told in one line on standard error; exit 2."""

    exit_code = ERROR

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the one line."""
        words = " ".join(self.format_message().split())
        click.echo(f"analyse: {words}", file=file or sys.stderr)


@dataclass(frozen=True)
class Answer:
    """What an analysis prints: one JSON object, lines of warning on standard error, and its exit status."""

    document: Mapping[str, object]
    warnings: tuple[str, ...] = ()
    status: int = 0


class Analyses(click.Group):
    """The group; it refuses a wrong command line in one line too."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the analysis asked for. Raises Refused."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise Refused(error.format_message()) from None


class _Analysis(click.Command):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise Refused(error.format_message()) from None


def analysis(name: str, *options: click.Option) -> Callable[[Callable[..., Answer]], click.Command]:
    """Decorate `function(document, seed, **options) -> Answer`; its docstring is the help.

    The command takes FILE (or -) and `--seed`. Status 0, what the answer says, or 2 with one line on standard error.
    """

    def make(function: Callable[..., Answer]) -> click.Command:
        def run(file: str, seed: int, **given: object) -> None:
            answer = function(read(file), seed, **given)
            for warning in answer.warnings:
                click.echo(f"warning: {' '.join(warning.split())}", err=True)
            click.echo(json.dumps(answer.document, allow_nan=False))
            if answer.status:
                raise click.exceptions.Exit(answer.status)

        seed = click.Option(
            ["--seed"],
            type=click.IntRange(0, LARGEST_SEED),
            default=0,
            show_default=True,
            help="The same seed gives the same answer.",
        )
        return _Analysis(
            name,
            callback=run,
            params=[click.Argument(["file"], metavar="FILE"), seed, *options],
            help=function.__doc__,
        )

    return make


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(source: str) -> dict[str, Any]:
    """The JSON object in a file, or in standard input when `source` is "-". Raises Refused."""
    try:
        raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        document = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_number, object_pairs_hook=_once)
    except OSError as error:
        raise Refused(f"{source}: {error.strerror or error}") from None
    except RecursionError:
        raise Refused("the JSON is nested too deeply") from None
    except UnicodeDecodeError:
        raise Refused("the input is not UTF-8 text") from None
    except ValueError as error:
        raise Refused(f"the input is not valid JSON: {error}") from None
    if not isinstance(document, dict):
        raise Refused(f"a JSON object is expected, not {shown(document)}")
    return document


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a key that comes twice would silently hide one of its values."""
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(key for index, (key, _) in enumerate(pairs) if key in dict(pairs[:index]))
        raise ValueError(f"the key {shown(twice)} comes twice in one object")
    return made


def shown(value: object) -> str:
    """A value as JSON, short enough for one line."""
    words = json.dumps(value)
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"


def required(row: Mapping[str, Any], key: str, where: str = "") -> Any:  # noqa: ANN401 -- JSON: anything
    """The value of a key that must be there. `where`: how to name the row. Raises Refused."""
    if key not in row:
        raise Refused(f"{where or 'the input'}: {shown(key)} is missing")
    return row[key]


def rows(document: Mapping[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(where, object) for each of a list of objects: ("grades[3]", {…}). Raises Refused."""
    for where, row in items(document, key):
        if not isinstance(row, dict):
            raise Refused(f"{where}: an object is expected, not {shown(row)}")
        yield where, row


def items(document: Mapping[str, Any], key: str, where: str = "") -> Iterator[tuple[str, Any]]:
    """(where, value) for each of a list. Raises Refused."""
    found = required(document, key, where)
    place = f"{where}.{key}" if where else key
    if not isinstance(found, list):
        raise Refused(f"{place}: a list is expected, not {shown(found)}")
    for index, value in enumerate(found):
        yield f"{place}[{index}]", value


def name_in(value: object, where: str) -> str:
    """A name: a text that is not empty. Raises Refused."""
    if not isinstance(value, str) or not value.strip():
        raise Refused(f"{where}: a name (text, not empty) is expected, not {shown(value)}")
    if len(value) > LONGEST_NAME or any(unicodedata.category(sign) in UNWRITTEN for sign in value):
        raise Refused(f"{where}: {shown(value)} is too long for a name, or has signs that are not written")
    return value


def number_in(value: object, where: str) -> float:
    """A finite number. Raises Refused."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(f"{where}: a number is expected, not {shown(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise Refused(f"{where}: {shown(value)} is too large")
    return number


def whole_in(value: object, where: str, *, least: int = 0, most: int | None = None) -> int:
    """A whole number between two bounds, both allowed. Raises Refused."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(f"{where}: a whole number is expected, not {shown(value)}")
    if value < least or (most is not None and value > most):
        bounds = f"at least {least}" if most is None else f"between {least} and {most}"
        raise Refused(f"{where}: {shown(value)} is out of range; it must be {bounds}")
    return value
