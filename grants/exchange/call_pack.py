"""A call as one file that another installation can take: its terms, what they are for, where they come from.

    {"palabre": "call-pack", "v": 1, "name": "Micro-soutien", "about": "…", "terms": {…}}

Written in one way only (UTF-8, sorted keys, two spaces, line feeds), so that a pack exported, imported and exported again
is the same file, byte for byte. It holds no person, no file of an applicant, no address of an installation.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

KIND = "call-pack"
VERSION = 1
MEDIA_TYPE = "application/json"
SUFFIX = ".palabre.json"
LARGEST = 2 * 1024 * 1024
DEEPEST = 40
_NO_LINE = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)  # a narrow no-break space is a space
KEYS = {"palabre", "v", "name", "about", "terms"}
LONGEST = {"name": 200, "about": 4000}


class PackError(ValueError):
    """What was given is no call pack. `code`: too_large, not_json, not_a_pack, unknown_version, not_a_text (name)."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.name = name


@dataclass(frozen=True)
class CallPack:
    """A pack that was read. `terms` are plain data still to be read by `domain.terms`."""

    name: str
    terms: Mapping[str, object]
    about: str = ""


def write_pack(pack: CallPack) -> bytes:
    """The file of a pack."""
    whole = {"palabre": KIND, "v": VERSION, "name": pack.name, "about": pack.about, "terms": pack.terms}
    return (json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def read_pack(content: bytes) -> CallPack:
    """Read the file of a pack. Raises PackError; what its terms are worth is judged by `domain.terms.read_terms`."""
    if len(content) > LARGEST:
        raise PackError("too_large")
    try:
        whole = json.loads(content.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise PackError("not_json") from error
    if not isinstance(whole, dict) or whole.get("palabre") != KIND or whole.keys() != KEYS:
        raise PackError("not_a_pack")
    if whole["v"] != VERSION:
        raise PackError("unknown_version")
    for name, limit in LONGEST.items():
        if not isinstance(whole[name], str) or len(whole[name]) > limit or _NO_LINE.search(whole[name]):
            raise PackError("not_a_text", name)
    if not isinstance(whole["terms"], dict) or _depth(whole["terms"]) > DEEPEST:
        raise PackError("not_a_pack")
    return CallPack(whole["name"], whole["terms"], whole["about"])


def _refuse(name: str) -> None:
    raise ValueError(name)


def _depth(value: object) -> int:
    """How deep data is nested, without recursion."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        one, level = waiting.pop()
        deepest = max(deepest, level)
        parts = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        waiting.extend((part, level + 1) for part in parts)
    return deepest
