"""A typed value that cannot be kept says why, in a code and its figures."""

import pytest

from grants.domain.reasons import Unreadable
from grants.errors import Reason

pytestmark = pytest.mark.pure


def test_the_code_travels_with_its_figures():
    refused = Unreadable("too_long", limit=10, length=12)
    assert (str(refused), refused.reason, refused.params) == ("too_long", "too_long", {"limit": 10, "length": 12})
    assert refused.as_reason == Reason("too_long", {"limit": 10, "length": 12})
