"""Countries by their ISO codes, in the reader's language."""

from functools import lru_cache

from babel import Locale

from grants.domain.countries import DEPARTMENTS_OVERSEAS

CODE_LETTERS = 2
# codes of the library that are no countries; departments of France are among its places
NOT_COUNTRIES = DEPARTMENTS_OVERSEAS | frozenset(
    {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
)


@lru_cache(maxsize=4)
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of every country, by name."""
    names = Locale.parse(language).territories
    found = {
        code: name
        for code, name in names.items()
        if len(code) == CODE_LETTERS and code.isalpha() and code not in NOT_COUNTRIES
    }
    plain = str.maketrans("ÀÂÇÉÈÊËÎÏÔÖÛÜŒÅ", "AACEEEEIIOOUUOA")
    return tuple(sorted(found.items(), key=lambda item: item[1].upper().translate(plain)))


def name_of(code: str, language: str) -> str:
    """The name of a country; the code itself where there is none."""
    return str(Locale.parse(language).territories.get(code, code))
