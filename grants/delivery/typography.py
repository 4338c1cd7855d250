"""How figures, dates and spaces are written, in French and in English: the same words on pages, in mails and on paper."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location
from babel.support import NullTranslations
from markupsafe import Markup

PARIS = "Europe/Paris"
NARROW = "\u202f"  # before ? ! ; and inside « »
FIXED = "\u00a0"  # before : € % and units
DASH = "–"  # what stands for "no figure"

Number = int | float | Decimal | Fraction

_LOCALES = {"fr": "fr_FR", "en": "en_GB"}
_SIGNS = {"fr": str.maketrans(",.", f"{NARROW},"), "en": str.maketrans("", "")}
_AT = {"fr": "à", "en": "at"}
_UNITS = {"fr": ("octets", "ko", "Mo", "Go"), "en": ("bytes", "kB", "MB", "GB")}

_SPACES = (
    (re.compile(r"[ \u00a0]+(?=[?!;](?:[\s.,)»]|$))"), NARROW),
    (re.compile(r" +(?=:(?:\s|$))"), FIXED),
    (re.compile(r"(?<=«)[ \u00a0]+"), NARROW),
    (re.compile(r"[ \u00a0]+(?=»)"), NARROW),
    (re.compile(r"(?<=\d) h (?=\d\d\b)"), f"{FIXED}h{FIXED}"),
    (re.compile(r"(?<=\d) (?=(?:€|%|h|min|octets|ko|Mo|Go|p\.|km|F[ \u00a0]CFA)(?![\w]))"), FIXED),
    (re.compile(r"(?<=[nN]°) (?=\d)"), FIXED),
)
# Where one of the above may have something to do. Each begins with one literal character: a page is searched in
# microseconds, and nearly all of it has nothing to mend.
_MAYBE = (
    re.compile(r" (?:(?=[?!;:»])|(?<=[«°] )|(?<=\d )(?=[€%hmokMGpF]))"),
    re.compile(r"\u00a0(?:(?=[?!;»])|(?<=«\u00a0))"),
)
# Text that people may copy or send back stays as it was typed.
_COPIED = re.compile(r"<(textarea|pre|code|script|style|option)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)


def typo(text: str, *, language: str = "fr") -> str:
    """Give a French text its no-break spaces; a text of another language comes back as it is.

    HTML (a `Markup`) is changed between its tags only, and never inside what people may copy or send back
    (textarea, pre, code, option).
    """
    if language != "fr":
        return text
    if not isinstance(text, Markup):
        return _spaced(str(text))
    return Markup(_mended(str(text)))  # noqa: S704 -- it was safe already; only spaces are exchanged


def _mended(html: str) -> str:
    """The same HTML with the texts between its tags spaced; texts that have nothing to mend are not even looked at."""
    places = sorted(found.start() for pattern in _MAYBE for found in pattern.finditer(html))
    if not places:
        return html
    copied = [found.span() for found in _COPIED.finditer(html)]
    pieces: list[str] = []
    done = 0
    for place in places:
        begin, end = html.rfind(">", 0, place) + 1, html.find("<", place)
        if place < done or html.find("<", begin, place) >= 0 or any(start < place < stop for start, stop in copied):
            continue  # its text is mended already, or it stands inside a tag, or is a text that people copy
        end = len(html) if end < 0 else end
        pieces += html[done:begin], _spaced(html[begin:end])
        done = end
    return "".join((*pieces, html[done:]))


def _spaced(text: str) -> str:
    for pattern, space in _SPACES:
        text = pattern.sub(space, text)
    return text


def euros(cents: int | None, *, sign: bool = False, language: str = "fr") -> str:
    """Write an amount of cents: `15 500 €`, with cents only when there are some; `sign` writes the plus of a gain."""
    if cents is None:
        return DASH
    units, rest = divmod(abs(cents), 100)
    amount = (f"{units:,}.{rest:02}" if rest else f"{units:,}").translate(_SIGNS[language])
    return _sign(cents, sign=sign) + (f"{amount}{FIXED}€" if language == "fr" else f"€{amount}")


def percent(basis_points: int | None, *, language: str = "fr") -> str:
    """Write a share of basis points: 6670 is `66,7 %`, 7000 is `70 %`."""
    if basis_points is None:
        return DASH
    share = _grouped(Decimal(abs(basis_points)) / 100, 0, 2, language)
    return _sign(basis_points) + share + (f"{FIXED}%" if language == "fr" else "%")


def score(value: Number | None, *, sign: bool = False, language: str = "fr") -> str:
    """Write a mark or a score with at most one decimal: `64,5`, `64`."""
    if value is None:
        return DASH
    rounded = _rounded(value, 1)
    return _sign(rounded, sign=sign) + _grouped(abs(rounded), 0, 1, language)


def decimal(value: Number | None, digits: int = 1, *, language: str = "fr") -> str:
    """Write a number with a fixed count of decimals, so that a column lines up: `86,0`."""
    if value is None:
        return DASH
    rounded = _rounded(value, digits)
    return _sign(rounded) + _grouped(abs(rounded), digits, digits, language)


def number(value: int | None, *, language: str = "fr") -> str:
    """Write a whole number with its thousands apart: `1 234`."""
    return decimal(value, 0, language=language)


def day(value: date | None, *, language: str = "fr") -> str:
    """Write a day in full: `lundi 7 décembre 2026`. A moment is taken at its date in Paris."""
    return _written(value, "EEEE d MMMM y", language)


def day_short(value: date | None, *, language: str = "fr") -> str:
    """Write a day for a table: `7 déc. 2026`."""
    return _written(value, "d MMM y", language)


def month(value: date | None, *, language: str = "fr") -> str:
    """Write a month: `mars 2027`."""
    return _written(value, "MMMM y", language)


def hour(value: datetime | None, zone: str = PARIS, *, language: str = "fr") -> str:
    """Write the hour of an aware moment in a zone: `14 h 32`."""
    return DASH if value is None else _clock(value.astimezone(ZoneInfo(zone)), language)


def moment(value: datetime | None, zone: str = PARIS, *, language: str = "fr") -> str:
    """Write an aware moment in full, with its zone: `lundi 7 décembre 2026 à 12 h 00 (heure de Paris)`."""
    if value is None:
        return DASH
    local = value.astimezone(ZoneInfo(zone))
    day_and_hour = f"{_day(local.date(), 'EEEE d MMMM y', language)} {_AT[language]} {_clock(local, language)}"
    return f"{day_and_hour} ({zone_name(zone, language=language)})"


def moment_short(value: datetime | None, zone: str = PARIS, *, language: str = "fr") -> str:
    """Write an aware moment for a table: `7 déc. 2026, 12 h 00`."""
    if value is None:
        return DASH
    local = value.astimezone(ZoneInfo(zone))
    return f"{_day(local.date(), 'd MMM y', language)}, {_clock(local, language)}"


def _clock(local: datetime, language: str) -> str:
    if language == "fr":
        return f"{local.hour}{FIXED}h{FIXED}{local.minute:02}"
    return f"{local.hour:02}:{local.minute:02}"


class French(NullTranslations):
    """The sentences as they are written; nought is singular in French."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """`0 projet`, `1 projet`, `2 projets`."""
        return msgid1 if n < 2 else msgid2  # noqa: PLR2004 -- two is where plurals begin

    ungettext = ngettext


def zone_name(zone: str, *, language: str = "fr") -> str:
    """Name a zone by its city: `heure de Paris`, `heure d’Abidjan`, `Dakar time`."""
    if zone in {"UTC", "Etc/UTC"}:
        return "temps universel" if language == "fr" else "UTC"
    if zone == "Etc/GMT+12":
        return "partout sur Terre" if language == "fr" else "anywhere on earth"
    city = get_timezone_location(ZoneInfo(zone), locale=_LOCALES[language], return_city=True)
    if language != "fr":
        return f"{city} time"
    if city.startswith("Le "):
        return f"heure du {city.removeprefix('Le ')}"
    return f"heure d’{city}" if city[0] in "AEIOUYÉÈÎ" else f"heure de {city}"


def file_size(size: int | None, *, language: str = "fr") -> str:
    """Write a number of bytes: `410 ko`, `1,2 Mo`."""
    if size is None:
        return DASH
    value, rank = Decimal(size), 0
    while value >= 1000 and rank < len(_UNITS["fr"]) - 1:  # noqa: PLR2004 -- kilo
        value, rank = value / 1000, rank + 1
    most = 1 if value < 10 and rank > 1 else 0  # noqa: PLR2004 -- 1,2 Mo but 12 Mo
    return f"{_grouped(value, 0, most, language)}{FIXED}{_UNITS[language][rank]}"


def initials(name: str) -> str:
    """Give the one or two capitals that stand for a person or an organisation."""
    words = [word for word in re.split(r"[\s’'-]+", name) if word[:1].isalnum()]
    return "".join(word[0].upper() for word in ([words[0], words[-1]] if len(words) > 1 else words))


def filters(language_of: Callable[[], str]) -> dict[str, Callable[..., str]]:
    """Give the Jinja filters, which ask `language_of` for the language ("fr" or "en") at each use."""
    written = (typo, euros, percent, score, decimal, number, day, day_short, month, hour, moment, moment_short)
    found: dict[str, Callable[..., str]] = {
        f.__name__: partial(_asking, f, language_of) for f in (*written, zone_name, file_size)
    }
    return found | {"initials": initials}


def _asking(function: Callable[..., str], language_of: Callable[[], str], *values: object, **options: object) -> str:
    return function(*values, language=language_of(), **options)


def _grouped(value: Decimal, least: int, most: int, language: str) -> str:
    """Write a number with its thousands apart and `least` to `most` decimals, as Babel would: lists ask this often."""
    text = f"{value:,.{most}f}"
    if least < most:
        text = text[: len(text) - most + least] + text[len(text) - most + least :].rstrip("0")
    return text.removesuffix(".").translate(_SIGNS[language])


def _sign(value: int | Decimal, *, sign: bool = False) -> str:
    if value < 0:
        return "−"
    return "+" if sign and value > 0 else ""


def _rounded(value: Number, digits: int) -> Decimal:
    exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _written(value: date | None, pattern: str, language: str) -> str:
    if value is None:
        return DASH
    return _day(value.astimezone(ZoneInfo(PARIS)).date() if isinstance(value, datetime) else value, pattern, language)


@lru_cache(maxsize=4_096)  # the days of a list are few
def _day(value: date, pattern: str, language: str) -> str:
    text = format_date(value, format=pattern, locale=_LOCALES[language])
    return (
        re.sub(r"\b1 (?=\D)", "1er ", text, count=1) if language == "fr" and value.day == 1 and "d" in pattern else text
    )
