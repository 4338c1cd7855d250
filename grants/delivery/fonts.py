"""The typeface of letters, carried with the product so that a document looks the same on every machine."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "static" / "fonts"


def letter_assets(folder: Path = FOLDER) -> dict[str, tuple[bytes, str]]:
    """Return the font files of `folder` as assets of a document: address `asset:<file name>` → bytes, media type."""
    return dict(_read(folder))


@cache
def _read(folder: Path) -> tuple[tuple[str, tuple[bytes, str]], ...]:
    """Read the fonts once; they change with a release only."""
    return tuple((f"asset:{file.name}", (file.read_bytes(), "font/woff2")) for file in sorted(folder.glob("*.woff2")))
