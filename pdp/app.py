"""The one file that knows every feature."""

import logging
import re
import secrets
from importlib import import_module
from pathlib import Path

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix

from pdp import scheduler, wiring
from pdp.accounts import login
from pdp.audit import anchors, retention
from pdp.audit import service as audit
from pdp.core import antivirus, db, logs, schema, seal, selfcheck
from pdp.core.crypto import Keyring
from pdp.core.resources import data_dir
from pdp.core.trace import request_id
from pdp.factors import step_up
from pdp.federation import client as federation
from pdp.federation import providers
from pdp.keys import service as keys
from pdp.notifications import post
from pdp.notifications.post import Post
from pdp.operations import registry
from pdp.oversight.rules import Limits, Quotas
from pdp.oversight.service import watching
from pdp.policy.permissions import Permission
from pdp.retention import erasures
from pdp.settings import Settings, SettingsError
from pdp.web import access_log, errors, guards, headers, origin, pages, uploads
from pdp.web.pages import NavEntry

FEATURES = (
    "accounts",
    "factors",
    "federation",
    "notifications",
    "home",
    "keys",
    "consent",
    "cases",
    "documents",
    "requests",
    "dispositifs",
    "meetings",
    "minutes",
    "outcomes",
    "oversight",
    "advice",
    "partners",
    "members",
    "privacy",
    "merging",
    "retention",
    "convocations",
    "consultations",
    "governance",
    "letters",
    "packs",
    "measures",
    "operations",
)

# The pages of the rights of one case belong to its case, not to the register.
_RIGHTS_IN_A_CASE = tuple(
    f"privacy.{page}"
    for page in (
        "case_rights",
        "new_case_request",
        "record_case_request",
        "record_notice",
        "record_notice_post",
        "record_rectification",
        "record_rectification_post",
        "decide_rectification",
        "decide_rectification_post",
        "freeze",
        "freeze_post",
        "lift",
        "lift_post",
        "announce_lifting_post",
    )
)
NAVIGATION = (
    NavEntry("Accueil", "home.index", Permission.ACCOUNT_USE, ("home",)),
    NavEntry(
        "Dossiers",
        "cases.list_cases",
        Permission.CASE_LIST,
        (
            "cases",
            "documents",
            "requests",
            "outcomes",
            "advice",
            "merging",
            "oversight.show_extract",
            *_RIGHTS_IN_A_CASE,
        ),
    ),
    NavEntry(
        "Mon organisme", "partners.space", Permission.PARTNER_SPACE, ("partners", "consent", "privacy.list_news")
    ),
    NavEntry("Séances", "meetings.list_meetings", Permission.MEETING_LIST, ("meetings", "minutes", "consultations")),
    NavEntry("Installation", "keys.health", Permission.INSTALLATION_READ, ("keys",)),
    NavEntry(
        "Accès d’urgence", "cases.emergency_register", Permission.EMERGENCY_REVIEW, ("cases.emergency_register",)
    ),
    NavEntry("Journal", "oversight.list_alerts", Permission.JOURNAL_READ, ("oversight", "oversight.show_extract")),
    NavEntry("Volumes du journal", "oversight.show_volumes", Permission.JOURNAL_COUNT, ("oversight",)),
    NavEntry("Droits des personnes", "privacy.list_register", Permission.RIGHTS_REGISTER, ("privacy",), "Gestion"),
    NavEntry("Conservation", "retention.list_cases", Permission.RETENTION_READ, ("retention",), "Gestion"),
    NavEntry("Simulateur", "dispositifs.simulator", Permission.RULES_READ, ("dispositifs",)),
    NavEntry("Personnes", "members.list_accesses", Permission.MEMBER_READ, ("members",), "Gestion"),
    NavEntry("Santé du service", "operations.show_health", Permission.INSTALLATION_READ, ("operations",), "Gestion"),
    NavEntry(
        "Cellule",
        "accounts.cellule",
        Permission.CELLULE_READ,
        (
            "accounts.cellule",
            "governance",
            "documents.rules_of_files",
            "factors.list_recoveries",
            "factors.show_recovery",
        ),
        "Gestion",
    ),
)

_ONE_YEAR = 31_536_000
_REQUEST_ID = re.compile(r"[0-9A-Fa-f-]{8,40}")
_LARGEST_BODY = 2 * 1024 * 1024


def open_database(settings: Settings) -> db.Database:
    """Prove the keys and bind the database of this process. Raises `SettingsError` for a wrong key."""
    database = db.Database(settings.database_url)
    prove_keys(settings, database)
    wiring.connect()
    registry.install(scheduler.JOBS)
    anchors.use(settings.anchors_file)
    erasures.use(settings.erasures_file)
    retention.keep_for(settings.journal_months)
    core_alert, core_block, partner_alert, partner_block = settings.reading_limits
    watching.use(Quotas(Limits(core_alert, core_block), Limits(partner_alert, partner_block)))
    antivirus.install(_scanner(settings))
    seal.install(read_seal(settings))
    post.install(Post(settings.smtp_url, settings.mail_from, settings.public_url) if settings.smtp_url else None)
    return db.bind(database)


def prove_keys(settings: Settings, database: db.Database) -> None:
    """Load the keys once each of them has opened what it sealed in this database."""
    schema.import_models()
    keys.prove(database, Keyring(settings.encryption_keys, max(settings.encryption_keys)))


def read_seal(settings: Settings) -> seal.Seal | None:
    """Return the seal of the installation, None when it has none. Raises `SettingsError` when it cannot be read."""
    try:
        return seal.Seal.read(Path(settings.seal), settings.seal_passphrase) if settings.seal else None
    except seal.SealError as error:
        raise SettingsError(f"PDP_SEAL: {error}") from error


def _scanner(settings: Settings) -> antivirus.Scanner:
    try:
        return antivirus.from_setting(settings.scanner)
    except ValueError as error:
        raise SettingsError(str(error)) from error


def create_app(settings: Settings, *, testing: bool = False) -> Flask:
    """Build the application over the bound database. Refuses unsafe settings and unstamped views."""
    settings.refuse_unsafe()
    registry.install(scheduler.JOBS)
    federation.install(providers.load(settings), production=settings.production)
    if settings.production:
        schema.import_models()
        selfcheck.refuse_unsafe_database(db.bound())
    if not testing:
        # The demo's terminal is for its accounts; an installation logs each request.
        logs.install(logging.WARNING if settings.demo else logging.INFO)
    app = Flask("pdp", template_folder=str(data_dir("templates")), static_folder=str(data_dir("static")))
    app.config.update(
        PDP=settings,
        TESTING=testing,
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-pdp" if settings.secure_cookies else "pdp",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SEND_FILE_MAX_AGE_DEFAULT=_ONE_YEAR,
        MAX_CONTENT_LENGTH=_LARGEST_BODY,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
    )
    if settings.production:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    app.before_request(_identify_request)
    uploads.install(app)
    origin.install(app)
    CSRFProtect(app)
    app.jinja_env.globals["csrf_token"] = generate_csrf
    login.install(app, settings)
    pages.install(app, NAVIGATION, demo=settings.demo)
    for feature in FEATURES:
        app.register_blueprint(import_module(f"pdp.{feature}.views").bp)
    guards.public(app.view_functions["static"])
    errors.install(app, audit.record_refusal)
    headers.install(app, https=settings.secure_cookies)
    access_log.install(app)
    guards.install(app, step_up.ask_again)
    return app


def _identify_request() -> Response | None:
    # The journal keeps it: a proxy's id is taken over, anything that could be a text is not.
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    request_id.set(g.request_id)
    return None
