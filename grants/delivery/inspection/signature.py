"""The one virus that needs no scanner to be known: the harmless text by which everybody tries whether files are checked."""

from grants.delivery.inspection.reasons import Reason, Unfit

# In two halves, so that no scanner takes this program for its own test file.
_TEST_FILE = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def refuse_test_virus(data: bytes) -> None:
    """Raise Unfit when the text stands anywhere in these bytes."""
    if _TEST_FILE in data:
        raise Unfit(Reason.INFECTED)
