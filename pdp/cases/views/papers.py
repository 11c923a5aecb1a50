"""What is printed of the sharing of a case: the agreement to sign, and « qui voit quoi »."""

from flask import Response, render_template, request

from pdp.cases import service
from pdp.cases.rules.who_sees import SHOWN
from pdp.cases.service import PrintedForm
from pdp.cases.views import bp
from pdp.policy.labels import LABEL_NAMES
from pdp.policy.permissions import Permission
from pdp.web.guards import current_actor, requires


@bp.get("/dossiers/<case_id>/partage/formulaire")
@requires(Permission.SHARING_RECORD)
def choose_form(case_id: str) -> str:
    """Choose the organisations of the agreement to print."""
    case, partners = service.prepare_agreement(current_actor(), case_id)
    options = [(partner.public_id, partner.name) for partner in partners]
    return render_template("cases/agreement_form.html", case=case, options=options)


@bp.get("/dossiers/<case_id>/partage/formulaire.pdf")
@requires(Permission.SHARING_RECORD)
def print_form(case_id: str) -> Response:
    """Send the agreement to sign, with its notice."""
    return _sent(service.print_form(current_actor(), case_id, request.args.getlist("organisme")))


@bp.get("/dossiers/<case_id>/qui-voit-quoi")
@requires(Permission.CASE_READ)
def show_who_sees(case_id: str) -> str:
    """Show who reads what of a case."""
    case, found = service.read_who_sees(current_actor(), case_id)
    return render_template("cases/who_sees.html", case=case, found=found, shown=SHOWN, label_names=LABEL_NAMES)


@bp.get("/dossiers/<case_id>/qui-voit-quoi.pdf")
@requires(Permission.CASE_READ)
def print_who_sees(case_id: str) -> Response:
    """Send « qui voit quoi », for the insured."""
    return _sent(service.print_who_sees(current_actor(), case_id))


def _sent(file: PrintedForm) -> Response:
    answer = Response(file.body, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=file.file_name)
    return answer
