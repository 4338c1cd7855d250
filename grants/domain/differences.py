"""What changed between two versions of plain data: a call's terms, the content of a file.

Things in lists that have a name of their own (`key`, `code`, `public_id`, `value`) are recognised by it, so that a
question moved or inserted does not make all the following ones look changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

NAMES = ("key", "code", "public_id", "value")
Path = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One difference. `before` None: added; `after` None: removed; both: changed. `path`: where, keys from the top."""

    path: Path
    before: object = None
    after: object = None
    moved: bool = False


def changes(before: object, after: object, path: Path = ()) -> tuple[Change, ...]:
    """Every difference, in the order of the later version, what is gone last. Equal data: none."""
    return tuple(_changes(before, after, path))


def _changes(before: object, after: object, path: Path) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _of_objects(before, after, path)
    elif _named(before) and _named(after):
        yield from _of_lists(_by_name(before), _by_name(after), path)
    else:
        yield Change(path, before, after)


def _of_objects(before: Mapping[str, object], after: Mapping[str, object], path: Path) -> Iterator[Change]:
    for key in [*after, *(key for key in before if key not in after)]:
        yield from _changes(before.get(key), after.get(key), (*path, key))


def _of_lists(before: Mapping[str, object], after: Mapping[str, object], path: Path) -> Iterator[Change]:
    yield from _of_objects(before, after, path)
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield Change(path, tuple(before), tuple(after), moved=True)


def _named(value: object) -> bool:
    """A list whose things all have names, each its own."""
    if not isinstance(value, list | tuple):
        return False
    names = [_name_of(one) for one in value]
    return all(names) and len(set(names)) == len(names)


def _name_of(value: object) -> str:
    if not isinstance(value, Mapping):
        return ""
    return next((str(value[name]) for name in NAMES if value.get(name)), "")


def _by_name(value: object) -> Mapping[str, object]:
    assert isinstance(value, Sequence)
    return {_name_of(one): one for one in value}
