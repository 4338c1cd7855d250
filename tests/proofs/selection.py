"""`./palabre prove-selection`: every promise about ranking, agreement, fairness and choice, tried and told in one table.

A proof is a module of this package with a function `prove()` that yields `Claim`s; its name stands in PROOFS.
Status 1 when one of them does not hold, or cannot be tried.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from importlib import import_module

from tests.proofs.claim import Claim

PROOFS = ("ranks", "agreement", "fair_panels", "portfolio", "assignment")


def main() -> int:
    """Prove; print; 0 when everything holds."""
    reader = argparse.ArgumentParser(prog="palabre prove-selection", description=__doc__.splitlines()[0])
    reader.add_argument("--only", action="append", choices=PROOFS, help="this proof alone (may be repeated)")
    wanted = reader.parse_args().only or PROOFS
    begun, claims = time.monotonic(), []
    for name in (name for name in PROOFS if name in wanted):
        tell(f"\n{name}")
        for claim in tried(name):
            claims.append(claim)
            tell(f"  {'✓' if claim.holds else '✗'} {claim.claim:<84} {claim.found}")
    broken = sum(not claim.holds for claim in claims)
    verdict = "everything holds" if not broken else f"{broken} do not hold"
    tell(f"\n{len(claims)} claims, {verdict} ({time.monotonic() - begun:.0f} s)")
    return 1 if broken else 0


def tell(line: str) -> None:
    """At once, also into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def tried(name: str) -> Iterator[Claim]:
    """The claims of a proof; a proof that breaks down is one that does not hold."""
    try:
        yield from import_module(f"tests.proofs.{name}").prove()
    except Exception as error:  # noqa: BLE001 -- the other proofs are still to be tried
        yield Claim("the proof runs to its end", f"{type(error).__name__}: {error}", holds=False)


if __name__ == "__main__":
    sys.exit(main())
