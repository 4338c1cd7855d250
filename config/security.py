"""What browsers are told about safety: headers and cookie names."""

# Nothing is allowed but files of our own: no inline script or style exists, so none can be injected.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self'; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'; "
    "object-src 'none'"
)

# Sent with every answer.
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not read frame-ancestors
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}
# Sent besides when the public address is https.
STRICT_TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"
# Sent with every page made for a signed-in person.
PRIVATE_CACHE_CONTROL = "no-store"
# A file given by an applicant is handed back in a box of its own: it may not run, load or frame anything.
DOWNLOAD_SECURITY_POLICY = "default-src 'none'; sandbox"

SESSION_COOKIE = "palabre_session"
# The prefix makes browsers refuse the cookie unless it is secure, of this host alone and for the whole site.
SECURE_SESSION_COOKIE = "__Host-palabre_session"
COOKIE_SAME_SITE = "Lax"

# The largest request that is read at all, in bytes; a form's own limits on files are narrower.
MAX_REQUEST_BYTES = 32 * 1024 * 1024


def session_cookie_name(*, secure: bool) -> str:
    """The name of the session cookie on a site that is served over https (`secure`) or on a trial at home."""
    return SECURE_SESSION_COOKIE if secure else SESSION_COOKIE
