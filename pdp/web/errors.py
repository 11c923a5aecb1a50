"""One table from a refusal to its page."""

from collections.abc import Callable

from flask import Flask, g, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from pdp.core.errors import AccessSuspended, Conflict, DomainError, NotFound
from pdp.policy.actor import Actor

# Who, at which endpoint, and whether it is because the account's accesses are suspended.
Journal = Callable[[Actor | None, str, bool], None]

_PAGES: tuple[tuple[type[DomainError], int, str, str], ...] = (
    (NotFound, 404, "Page introuvable", "errors/not_found.html"),
    (AccessSuspended, 403, "Accès aux dossiers suspendu", "errors/suspended.html"),
    (Conflict, 409, "Quelqu’un a modifié ces informations entre-temps", "errors/conflict.html"),
    (DomainError, 422, "Cette action n’est pas possible", "errors/refused.html"),
)

_HTTP_MESSAGES = {
    400: "La demande n’a pas pu être lue. Revenez en arrière, puis recommencez.",
    405: "Cette adresse n’accepte pas cette action. Revenez en arrière, puis recommencez.",
    413: "Le contenu envoyé est trop volumineux.",
    429: "Trop de demandes à la suite. Patientez une minute, puis recommencez.",
}


def install(app: Flask, journal: Journal) -> None:
    """Answer every refusal by a French page; a refused access of a signed-in person is journaled."""

    def refuse(error: DomainError) -> tuple[str, int]:
        if current_user.is_authenticated:
            error = _journaled(error, journal)
        _, status, title, template = next(page for page in _PAGES if isinstance(error, page[0]))
        return render_template(template, title=title, message=error.message), status

    def http_refuse(error: HTTPException) -> tuple[str, int]:
        status = error.code or 500
        if status == 404:
            return refuse(NotFound())
        if status == 500:
            return crash(error)
        message = _HTTP_MESSAGES.get(status, "Une erreur est survenue. Rien n’a été enregistré.")
        return render_template("errors/refused.html", title="Demande refusée", message=message), status

    def csrf_refuse(_error: CSRFError) -> tuple[str, int]:
        message = (
            "Votre page est restée ouverte trop longtemps. Rechargez-la : ce que vous avez tapé n’a pas été envoyé."
        )
        return render_template("errors/refused.html", title="Page expirée", message=message), 400

    def crash(_error: Exception) -> tuple[str, int]:
        # Without context: the page that says that the database is gone must not ask it anything.
        app.logger.exception("unhandled error on %s", request.endpoint)
        return app.jinja_env.get_template("errors/crash.html").render(incident=g.get("request_id", "-")), 500

    app.register_error_handler(DomainError, refuse)
    app.register_error_handler(CSRFError, csrf_refuse)
    app.register_error_handler(HTTPException, http_refuse)
    if not app.testing:
        app.register_error_handler(Exception, crash)


def _journaled(error: DomainError, journal: Journal) -> DomainError:
    """Journal a refused access; a suspended account is told so, whether what it asked for exists or not."""
    endpoint = request.endpoint or "unknown"
    if isinstance(error, NotFound):
        try:
            journal(current_user.actor, endpoint, False)
        except AccessSuspended as suspended:
            error = suspended
    if isinstance(error, AccessSuspended):
        journal(current_user.actor, endpoint, True)
    return error
