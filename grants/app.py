"""The web application: the only list of its parts."""

from pathlib import Path

from flask import Flask, Response, g, request
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from config.security import (
    HEADERS,
    MAX_REQUEST_BYTES,
    PRIVATE_CACHE_CONTROL,
    STRICT_TRANSPORT_SECURITY,
    session_cookie_name,
)
from config.settings import Settings
from grants import cli, clock, models
from grants.db import adopt, db, engine_options
from grants.delivery import typography as written
from grants.delivery.files import Store
from grants.delivery.scanning import scanner_for
from grants.demo.accounts import DEMO_ACCOUNTS
from grants.queries.health import delayed
from grants.web import (
    account,
    administration,
    application,
    call,
    decision,
    export,
    feedback,
    finance,
    invitation,
    message,
    organisation,
    printing,
    programme,
    project,
    report,
    review,
    scenario,
    screening,
    selection,
    service,
)
from grants.web.kit import access, charts, errors, labels, language, preferences, questions, rendering, tags, typography
from grants.web.kit.compression import Compressed
from grants.web.kit.language import current_language, gettext
from grants.web.kit.navigation import entries, workspaces

HERE = Path(__file__).parent
ONE_MEGABYTE = 1_000_000
PARTS = (
    preferences,
    service,
    account,
    invitation,
    organisation,
    programme,
    call,
    application,
    screening,
    review,
    printing,
    selection,
    scenario,
    decision,
    export,
    feedback,
    project,
    report,
    finance,
    message,
    administration,
)


def create_app(settings: Settings) -> Flask:
    """Build the application. Raises RuntimeError when a view declares no action."""
    app = Flask(__name__, static_folder="static", static_url_path="/static", template_folder="templates")
    _configure(app, settings)
    clock.set_offset(settings.clock_offset)
    db.init_app(app)
    with app.app_context():
        adopt(db.engine)
    Migrate(app, db, directory=str(HERE / "migrations"), render_as_batch=True, compare_type=True)
    rendering.install(app)
    language.install(app)
    CSRFProtect(app)
    access.install(app)
    errors.install(app)
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    cli.install(app)
    _dress(app)
    access.declare_all(app)
    _serve(app, settings)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        SQLALCHEMY_RECORD_QUERIES=False,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=2 * ONE_MEGABYTE,
        MAX_FORM_PARTS=1_000,
        WTF_CSRF_TIME_LIMIT=None,  # a long form left open must not expire
        SESSION_COOKIE_NAME=f"{session_cookie_name(secure=bool(settings.secure_cookies))}_form",
        SESSION_COOKIE_SECURE=bool(settings.secure_cookies),
        SESSION_COOKIE_SAMESITE="Lax",
        SIGN_IN_COOKIE=session_cookie_name(secure=bool(settings.secure_cookies)),
        SETTINGS=settings,
        STORE=Store(settings.blob_dir),
        SCANNER=scanner_for(settings.scan_url),
        MAILBOX=settings.mailbox_dir,
        DEMO=settings.env == "demo",
        DEMO_ACCOUNTS=DEMO_ACCOUNTS if settings.env == "demo" else (),
        TRUSTED_HOSTS=settings.trusted_hosts,
        BABEL_DEFAULT_LOCALE="fr",
        BABEL_DEFAULT_TIMEZONE="Europe/Paris",
    )


def _dress(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    typography.install(app)
    tags.install(app)
    charts.install(app)
    questions.install(app)
    app.jinja_env.globals.update(
        label_of_state=labels.label_of_state,
        label_of_role=labels.label_of_role,
        label_of_actor_kind=labels.label_of_actor_kind,
        label_of_reason=labels.label_of_reason,
        label_of_rule=labels.label_of_rule,
        sentence=labels.sentence,
    )
    app.context_processor(_surroundings)
    app.after_request(_headers)


def _surroundings() -> dict[str, object]:
    """What every page shows around its subject."""
    actor, spoken = access.current_actor(), current_language()
    staff = bool(actor.manages or actor.pays)
    return {
        "actor": actor,
        "actor_name": actor.name or None,
        "language": spoken,
        "theme": request.cookies.get("theme"),
        "navigation": entries(actor, spoken),
        "roles_menu": workspaces(actor),
        "demo_now": written.moment(clock.now(), language=spoken) if clock.offset() else None,
        "staff_notice": gettext("Les envois sont retardés : le service d’envoi ne répond plus.")
        if staff and delayed(db.session())
        else None,
    }


def _headers(response: Response) -> Response:
    said = {name.lower() for name, _ in response.headers}
    response.headers.extend([(name, value) for name, value in HEADERS.items() if name.lower() not in said])
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT_SECURITY)
    if g.get("actor") is not None or response.headers.get("Set-Cookie") or "token" in (request.view_args or {}):
        response.headers.setdefault("Cache-Control", PRIVATE_CACHE_CONTROL)
    return response


def _serve(app: Flask, settings: Settings) -> None:
    """Static files with long lives, and as many proxies believed as the deployment says."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(HERE / "static"), prefix="static/", max_age=3600, autorefresh=False
    )
    app.wsgi_app = Compressed(app.wsgi_app)  # type: ignore[method-assign]
    if settings.forwarded_hops:
        hops = settings.forwarded_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]


__all__ = ["create_app", "models"]
