"""One table from a refusal to its page."""

from collections.abc import Callable

from flask import Flask, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from pdp.core.errors import Conflict, DomainError, NotFound
from pdp.policy.actor import Actor

Journal = Callable[[Actor | None, str], None]

_PAGES: tuple[tuple[type[DomainError], int, str, str], ...] = (
    (NotFound, 404, "Page introuvable", "errors/not_found.html"),
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
        _, status, title, template = next(page for page in _PAGES if isinstance(error, page[0]))
        if isinstance(error, NotFound) and current_user.is_authenticated:
            journal(current_user.actor, request.endpoint or "unknown")
        return render_template(template, title=title, message=error.message), status

    def http_refuse(error: HTTPException) -> tuple[str, int]:
        status = error.code or 500
        if status == 404:
            return refuse(NotFound())
        message = _HTTP_MESSAGES.get(status, "Une erreur est survenue. Rien n’a été enregistré.")
        return render_template("errors/refused.html", title="Demande refusée", message=message), status

    def csrf_refuse(_error: CSRFError) -> tuple[str, int]:
        message = (
            "Votre page est restée ouverte trop longtemps. Rechargez-la : ce que vous avez tapé n’a pas été envoyé."
        )
        return render_template("errors/refused.html", title="Page expirée", message=message), 400

    def crash(_error: Exception) -> tuple[str, int]:
        app.logger.exception("unhandled error on %s", request.endpoint)
        return render_template("errors/crash.html", title="Erreur inattendue"), 500

    app.register_error_handler(DomainError, refuse)
    app.register_error_handler(CSRFError, csrf_refuse)
    app.register_error_handler(HTTPException, http_refuse)
    if not app.testing:
        app.register_error_handler(Exception, crash)
