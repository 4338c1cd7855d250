"""What an assignment starts from: files, reviewers, conflicts and wishes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

#: (reviewer, file), by id.
Pair: TypeAlias = tuple[str, str]

#: A tag that begins so names a language: whoever reads the file must know it. Every other tag is a wish.
LANGUAGE = "language:"


@dataclass(frozen=True)
class File:
    """A file to be read, and its tags: languages, competences, territories."""

    id: str
    tags: frozenset[str] = frozenset()

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages that each of its reviewers must know."""
        return frozenset(tag for tag in self.tags if tag.startswith(LANGUAGE))

    @cached_property
    def wishes(self) -> frozenset[str]:
        """The tags that its reviewers should have between them."""
        return self.tags - self.languages


@dataclass(frozen=True)
class Reviewer:
    """Somebody who reads, what they know, and how many files at most (None: no limit)."""

    id: str
    tags: frozenset[str] = frozenset()
    most: int | None = None


@dataclass(frozen=True)
class Task:
    """Who is to read what. `per_file`: reviewers each file gets; a file with more manual pairs gets these.

    `conflicts`: pairs that never are. `fixed`: manual pairs, kept. `anchors`: files that everybody reads who may.
    `earlier`: pairs of earlier rounds, not to be repeated where that can be avoided. Raises ValueError when an id
    stands twice or is unknown.
    """

    files: tuple[File, ...]
    reviewers: tuple[Reviewer, ...]
    per_file: int
    conflicts: frozenset[Pair] = frozenset()
    fixed: frozenset[Pair] = frozenset()
    anchors: frozenset[str] = frozenset()
    earlier: frozenset[Pair] = frozenset()

    def __post_init__(self) -> None:
        files, reviewers = {file.id for file in self.files}, {reviewer.id for reviewer in self.reviewers}
        if len(files) < len(self.files) or len(reviewers) < len(self.reviewers):
            raise ValueError("an application or a reviewer stands twice")
        strangers = self.anchors - files
        strangers |= {name for _, name in self.conflicts | self.fixed | self.earlier} - files
        strangers |= {name for name, _ in self.conflicts | self.fixed | self.earlier} - reviewers
        if strangers:
            raise ValueError(f"unknown application or reviewer: {min(strangers)}")

    @cached_property
    def _by_id(self) -> dict[str, File]:
        return {file.id: file for file in self.files}

    def file(self, name: str) -> File:
        """The file of that id. Raises KeyError."""
        return self._by_id[name]

    def permitted(self, reviewer: Reviewer, file: File) -> bool:
        """No conflict between them: nothing else can make up for one."""
        return (reviewer.id, file.id) not in self.conflicts

    def understood(self, reviewer: Reviewer, file: File) -> bool:
        """The reviewer knows the file's languages, or somebody decided by hand that this pair is right."""
        return file.languages <= reviewer.tags or (reviewer.id, file.id) in self.fixed

    def wanted(self, file: File) -> int:
        """How many reviewers a file gets that is no anchor."""
        return max(self.per_file, sum(name == file.id for _, name in self.fixed))


def components(pairs: Iterable[Pair]) -> tuple[frozenset[Pair], ...]:
    """The connected pieces of the graph of reviewers and files, each as its pairs; the largest first."""
    over: dict[tuple[str, str], tuple[str, str]] = {}

    def top(node: tuple[str, str]) -> tuple[str, str]:
        while over.setdefault(node, node) != node:
            over[node] = over[over[node]]
            node = over[node]
        return node

    kept = list(pairs)
    for reviewer, file in kept:
        over[top(("reviewer", reviewer))] = top(("file", file))
    found: dict[tuple[str, str], set[Pair]] = {}
    for pair in kept:
        found.setdefault(top(("reviewer", pair[0])), set()).add(pair)
    return tuple(frozenset(piece) for piece in sorted(found.values(), key=lambda one: (-len(one), min(one))))
