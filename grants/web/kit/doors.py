"""What coming in shares, by whichever door: the network that it counts for, and the cookie that is given."""

from ipaddress import ip_address, ip_network

from flask import request
from werkzeug.wrappers import Response

from config.security import COOKIE_SAME_SITE

V4_PREFIX, V6_PREFIX = 24, 64


def network_address() -> str:
    """The network that the request comes from, as far as limits need to know: /24, or /64."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    prefix = V4_PREFIX if address.version == 4 else V6_PREFIX  # noqa: PLR2004 -- the Internet protocol's
    return str(ip_network((address, prefix), strict=False))


def give_cookie(response: Response, name: str, token: str) -> Response:
    """The answer with the cookie of a new session."""
    response.set_cookie(
        name, token, path="/", secure=name.startswith("__Host-"), httponly=True, samesite=COOKIE_SAME_SITE
    )
    return response
