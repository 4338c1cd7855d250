"""The call packs that come with the product: models to begin from, each a file of `grants/packs`."""

from functools import cache
from pathlib import Path

from grants.exchange.call_pack import SUFFIX, CallPack, read_pack

FOLDER = Path(__file__).resolve().parent.parent / "packs"


@cache
def shipped() -> dict[str, CallPack]:
    """Every shipped pack by its key (the name of its file), in the order of their names."""
    found = {path.name.removesuffix(SUFFIX): read_pack(path.read_bytes()) for path in FOLDER.glob(f"*{SUFFIX}")}
    return dict(sorted(found.items(), key=lambda item: item[1].name))


def content_of(key: str) -> bytes | None:
    """The file of a shipped pack; None for a key that is none."""
    return (FOLDER / f"{key}{SUFFIX}").read_bytes() if key in shipped() else None
