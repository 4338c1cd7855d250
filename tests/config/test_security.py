"""What browsers are told: nothing foreign, nothing inline, no frames."""

import pytest

from config.security import CONTENT_SECURITY_POLICY, HEADERS, session_cookie_name

pytestmark = pytest.mark.pure


def test_the_content_policy_allows_files_of_ours_alone():
    directives = dict(directive.split(" ", 1) for directive in CONTENT_SECURITY_POLICY.split("; "))
    assert directives["default-src"] == directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert set(directives.values()) == {"'none'", "'self'"}


def test_every_answer_carries_the_headers_that_matter():
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
    assert HEADERS["Referrer-Policy"] == "same-origin"


def test_the_cookie_of_a_secure_site_is_bound_to_its_host():
    assert session_cookie_name(secure=True).startswith("__Host-")
    assert not session_cookie_name(secure=False).startswith("__")
