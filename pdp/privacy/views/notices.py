"""Pages of the information notices: recorded as given, printed."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from pdp.core import clock
from pdp.core.errors import InvalidInput, NotFound
from pdp.core.french import capital
from pdp.policy.permissions import Permission
from pdp.privacy import texts
from pdp.privacy.enums.notices import NoticeMeans
from pdp.privacy.schemas.notices import NoticeInput
from pdp.privacy.service import notices as service
from pdp.privacy.views import bp
from pdp.web import forms
from pdp.web.guards import current_actor, requires

LABELS = {
    "notice": "Version remise",
    "given_on": "Remise le",
    "means": "Comment",
    "given_by": "Remise par",
    "proof": "Pièce qui le prouve",
}
MEANS = [(word.value, capital(word.label)) for word in NoticeMeans]


@bp.get("/dossiers/<case_id>/droits/notice")
@requires(Permission.NOTICE_RECORD)
def record_notice(case_id: str) -> str:
    """Show the form that records a notice given."""
    return _page(case_id, forms.Form())


@bp.post("/dossiers/<case_id>/droits/notice")
@requires(Permission.NOTICE_RECORD)
def record_notice_post(case_id: str) -> Any:
    """Record it."""
    actor = current_actor()

    def record(values: dict[str, Any]) -> bool:
        service.record_notice(actor, case_id, **values)
        return True

    form, done = forms.submit(NoticeInput(), record)
    if not done:
        return _page(case_id, form), 422
    flash("La remise de la notice est enregistrée.", "success")
    return redirect(url_for("privacy.case_rights", case_id=case_id), 303)


@bp.get("/notices/<notice_code>.pdf")
@requires(Permission.NOTICE_PRINT)
def print_notice(notice_code: str) -> Response:
    """Send a version of the notice; `?forme=facile` sends its easy-to-read form."""
    try:
        file = service.print_notice(current_actor(), notice_code, short=request.args.get("forme") == "facile")
    except InvalidInput as error:
        raise NotFound from error
    answer = Response(file.body, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=file.file_name)
    return answer


def _page(case_id: str, form: forms.Form) -> str:
    actor = current_actor()
    found = service.prepare_notice(actor, case_id)
    return render_template(
        "privacy/notice.html",
        case=found.case,
        proofs=found.proofs,
        notices=[(notice.code, capital(notice.label)) for notice in texts.notices()],
        in_use=texts.notice_in_use(clock.today()),
        means=MEANS,
        giver=actor.name,
        form=form,
        labels=LABELS,
    )
