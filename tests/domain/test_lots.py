"""The lot: bound beforehand, repeatable with nothing but SHA-256, and fair."""

import hashlib
import shutil
import subprocess
from collections import Counter

import pytest

from grants.domain.lots import commitment, draw, keeps, new_seed

pytestmark = pytest.mark.pure

SEED = "5f" * 32
GROUP = ["F-12", "F-3", "F-40", "Été & cie"]


def test_anybody_repeats_it_with_hashes_alone():
    lines = {name: f"palabre-lot-1\nticket\n{SEED}\nCall A\nrain\n{name}" for name in GROUP}
    tickets = {name: hashlib.sha256(line.encode()).hexdigest() for name, line in lines.items()}
    drawn = draw(SEED, "Call A", GROUP, public="rain")
    assert [ticket.file for ticket in drawn] == sorted(GROUP, key=tickets.__getitem__)
    assert {ticket.file: ticket.digest for ticket in drawn} == tickets


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="no sha256sum on this machine")
def test_the_documented_shell_line_gives_the_ticket():
    line = 'printf \'palabre-lot-1\\nticket\\n%s\\n%s\\n%s\\n%s\' "$1" "$2" "$3" "$4" | sha256sum'
    told = subprocess.run(
        ["sh", "-c", line, "sh", SEED, "Call A", "rain", "F-12"], capture_output=True, text=True, check=True
    ).stdout
    ticket = next(one for one in draw(SEED, "Call A", GROUP, public="rain") if one.file == "F-12")
    assert told.split()[0] == ticket.digest


def test_the_commitment_binds_seed_call_and_group_and_no_order():
    promised = commitment(SEED, "Call A", GROUP)
    assert promised == commitment(SEED, "Call A", reversed(GROUP))
    assert keeps(promised, SEED, "Call A", GROUP)
    assert not keeps(promised, "60" + SEED[2:], "Call A", GROUP)
    assert not keeps(promised, SEED, "Call B", GROUP)
    assert not keeps(promised, SEED, "Call A", GROUP[:3])


def test_the_order_in_which_the_group_is_given_changes_nothing_and_a_public_word_does():
    assert draw(SEED, "Call A", GROUP) == draw(SEED, "Call A", reversed(GROUP))
    orders = {tuple(one.file for one in draw(SEED, "Call A", GROUP, public=str(word))) for word in range(40)}
    assert len(orders) > 10


def test_every_file_comes_first_as_often_as_every_other():
    """3 000 seeds: each of four files is first in about 750; 5 standard deviations are 119."""
    seeds = (hashlib.sha256(str(number).encode()).hexdigest() for number in range(3_000))
    first = Counter(draw(seed, "Call A", GROUP)[0].file for seed in seeds)
    assert set(first) == set(GROUP)
    assert all(abs(count - 750) < 119 for count in first.values())


def test_seeds_are_long_and_never_twice_the_same():
    assert len(new_seed()) == 64
    assert new_seed() != new_seed()


@pytest.mark.parametrize(
    ("seed", "call", "group"),
    [
        ("1234", "A", GROUP),
        (SEED, "A", []),
        (SEED, "A", ["x", "x"]),
        (SEED, "A\nB", GROUP),
        (SEED, "A", ["x\ny"]),
        (SEED + "\n", "A", GROUP),
    ],
)
def test_what_would_weaken_the_lot_is_refused(seed, call, group):
    for refusing in (commitment, draw):
        with pytest.raises(ValueError, match=r"seed|empty|twice|line break"):
            refusing(seed, call, group)
