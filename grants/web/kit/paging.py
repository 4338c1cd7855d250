"""A page of a list: its number, how many there are, the addresses of its neighbours."""

from dataclasses import dataclass
from math import ceil

from flask import request, url_for


@dataclass(frozen=True)
class Page:
    """What `ui.pagination` shows. `more`: there are more rows than `total`, nobody counted how many."""

    number: int
    pages: int
    total: int
    more: bool
    prev_url: str | None
    next_url: str | None


def asked_page() -> int:
    """The page number of this address; 1 for anything that is not a positive number."""
    wished = request.args.get("page", "1")
    return max(1, int(wished)) if wished.isascii() and wished.isdecimal() and len(wished) < 7 else 1  # noqa: PLR2004


def paged(number: int, total: int, per_page: int = 50, *, more: bool = False) -> Page:
    """Page `number` of `total` rows (and `more`), its neighbours keeping the filters of the present address."""
    pages = max(1, ceil(total / per_page))
    return Page(
        number,
        pages,
        total,
        more,
        _address(number - 1) if number > 1 else None,
        _address(number + 1) if number < pages or more else None,
    )


def _address(number: int) -> str:
    values = {**request.args.to_dict(), **(request.view_args or {}), "page": str(number)}
    return url_for(str(request.endpoint), **values)
