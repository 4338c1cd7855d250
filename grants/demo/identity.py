"""Numbers of the register for invented bodies: they pass every check and belong to nobody."""

ESTABLISHMENT = "0001"
LUHN = 10
NINE = 9


def siren(number: int) -> str:
    """Nine digits with a valid key, below every number that was ever given: 1 gives 000000018."""
    return _keyed(f"{number:08d}")


def siret(number: int) -> str:
    """The head office of that body: 1 gives 00000001800010."""
    return _keyed(siren(number) + ESTABLISHMENT)


def rna(number: int) -> str:
    """An association's number: 1 gives W000000001."""
    return f"W{number:09d}"


def _keyed(digits: str) -> str:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits), start=1))
    total = sum(value - NINE if value > NINE else value for value in doubled)
    return f"{digits}{-total % LUHN}"
