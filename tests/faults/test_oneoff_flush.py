"""One-off."""
import pytest
from tests.faults.test_killed_worker import Yard, _storm, yard  # noqa
@pytest.mark.timeout(900)
def test_flush(yard): _storm(yard, kills=15, flushes=5)
