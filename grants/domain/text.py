"""Text as it enters: one spelling (NFC, line feeds), nothing invisible in a name, nothing that is not text at all."""

import re
import unicodedata
from urllib.parse import unquote

from grants.domain.reasons import Unreadable

#: More marks than any script stacks on a letter.
MOST_MARKS = 8
LONGEST_FILENAME = 150
_LONGEST_SUFFIX = 16
_LONGEST_PATH = 2000
#: A text may be this much longer before normalisation than the limit says; more is not even looked at.
_SLACK = 4

#: Space, tab, no-break, figure, thin and narrow no-break space: what people and spreadsheets type among digits.
SPACES = " \t\u00a0\u2007\u2009\u202f"

_BYTE_ORDER_MARK = "\ufeff"
_JOINERS = "\u200c\u200d"
#: They only reorder what is seen: no script needs them typed.
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_WITH_JOINERS = (
    "ARABIC SYRIAC MONGOLIAN NKO THAANA KHMER MYANMAR TIBETAN SINHALA "
    "DEVANAGARI BENGALI GURMUKHI GUJARATI ORIYA TAMIL TELUGU KANNADA MALAYALAM"
)
_SCRIPTS_WITH_JOINERS = frozenset(_WITH_JOINERS.split())
_FORBIDDEN_IN_FILENAMES = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)", re.IGNORECASE)
_LOCAL_PATH = re.compile(r"/[A-Za-z0-9]")


class TextError(Unreadable):
    """Reasons: control, surrogate, unassigned, invisible (position of the sign from 1), marks, too_long (limit, length)."""


def clean_line(text: str, limit: int) -> str:
    """A name or a title, one line: spaces collapsed, no invisible sign but the joiners that a script needs.

    `limit` counts code points of the result. Empty stays empty. Raises TextError.
    """
    seen = _within_sight(text, limit)
    _refuse_no_text(seen, keep="\t\r\n", names=True)
    line = _composed(" ".join(seen.split()), limit)
    if lost := _lost_joiner(line):
        raise TextError("invisible", position=lost)
    return line


def clean_text(text: str, limit: int) -> str:
    """Free text: line ends become line feeds, controls of writing direction go, right-to-left letters stay.

    `limit` counts code points of the result. Raises TextError.
    """
    lines = _LINE_ENDS.sub("\n", _BIDI_CONTROLS.sub("", _within_sight(text, limit)))
    _refuse_no_text(lines, keep="\t\n", names=False)
    return _composed(lines.strip(), limit)


def comparison_key(text: str) -> str:
    """What two names share when people would call them the same: accents composed, case and widths folded."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


def _within_sight(text: str, limit: int) -> str:
    if len(text) > limit * _SLACK + MOST_MARKS:
        raise TextError("too_long", limit=limit, length=len(text))
    return text.replace(_BYTE_ORDER_MARK, "")


def _refuse_no_text(text: str, *, keep: str, names: bool) -> None:
    for sign in sorted(set(text) - set(keep)):
        reason = _objection(sign, names=names)
        if reason:
            raise TextError(reason, position=text.index(sign) + 1)


def _composed(text: str, limit: int) -> str:
    composed = unicodedata.normalize("NFC", text)
    if _too_many_marks(composed):
        raise TextError("marks", limit=MOST_MARKS)
    if len(composed) > limit:
        raise TextError("too_long", limit=limit, length=len(composed))
    return composed


def _objection(sign: str, *, names: bool) -> str | None:
    """Why a sign is no text: controls, halves of pairs, code points that mean nothing; in names also format signs."""
    category = unicodedata.category(sign)
    if category == "Cf" and names and sign not in _JOINERS:
        return "invisible"
    return {"Cc": "control", "Cs": "surrogate", "Cn": "unassigned"}.get(category)


def _lost_joiner(text: str) -> int:
    """Position (from 1) of a joiner that stands after no letter of a script that needs it; 0 where there is none."""
    for position, sign in enumerate(text):
        if sign in _JOINERS and (position == 0 or _script(text[position - 1]) not in _SCRIPTS_WITH_JOINERS):
            return position + 1
    return 0


def _script(sign: str) -> str:
    """First word of a sign's Unicode name: LATIN, CYRILLIC, ARABIC…"""
    return unicodedata.name(sign, "").partition(" ")[0]


def _too_many_marks(text: str) -> bool:
    if text.isascii():
        return False
    run = 0
    for sign in text:
        run = run + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if run > MOST_MARKS:
            return True
    return False


def clean_filename(name: str) -> str:
    """The name under which a file is shown and downloaded; it is stored under a random one. Never raises.

    No path, no control or invisible sign, no leading dot, no device name of Windows, at most 150 code points with
    the whole suffix: `../../etc/passwd` gives `passwd`, `a<U+202E>gpj.exe` gives `agpj.exe`, nothing gives `document`.
    """
    visible = "".join(sign for sign in name if not unicodedata.category(sign).startswith("C") or sign == "\t")
    last = unicodedata.normalize("NFC", visible).replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = " ".join(_FORBIDDEN_IN_FILENAMES.sub("_", last).split()).strip(". ")
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    return _shortened(plain) or "document"


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_FILENAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > _LONGEST_SUFFIX:
        return name[:LONGEST_FILENAME].rstrip(". ")
    return f"{stem[: LONGEST_FILENAME - len(suffix) - 1].rstrip('. ')}.{suffix}"


def safe_next(path: str) -> str | None:
    """The path to go on to after signing in, if it has the shape of one of ours; the caller looks it up as well.

    One slash and a letter or digit, and after decoding once no `//`, no backslash and no control.
    """
    if len(path) > _LONGEST_PATH or not _LOCAL_PATH.match(path):
        return None
    try:
        decoded = unquote(path, errors="strict")
    except UnicodeDecodeError:
        return None
    if "//" in decoded or "\\" in decoded or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in decoded):
        return None
    return path
