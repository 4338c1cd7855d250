"""The graph of who read what: files compared by common readers, directly or through other files, form a group."""

from collections.abc import Iterable


def groups(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Groups of applications that (application, reviewer) pairs connect; the largest first, then by name.

    Between two groups no severity can be compared: the difference between their grades may be of the files or of the
    readers, and no sum can tell which.
    """
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(node: tuple[str, str]) -> tuple[str, str]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for application, reviewer in pairs:
        parent[root(("application", application))] = root(("reviewer", reviewer))
    found: dict[tuple[str, str], list[str]] = {}
    for kind, name in list(parent):
        if kind == "application":
            found.setdefault(root((kind, name)), []).append(name)
    return tuple(sorted((tuple(sorted(group)) for group in found.values()), key=lambda group: (-len(group), group)))
