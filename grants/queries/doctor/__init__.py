"""Examining the whole: ten statements that must hold after every request, crash and restoration.

`examine(session, ward)` tries all of them and says what does not hold; it changes nothing.
"""

from grants.queries.doctor.examination import Finding, examine
from grants.queries.doctor.ward import Ward

__all__ = ["Finding", "Ward", "examine"]
