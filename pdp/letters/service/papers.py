"""The letters of a case as its « Pièces » tab shows them."""

from collections.abc import Sequence

from pdp.cases.models import Case
from pdp.core import clock, french
from pdp.documents.hooks import FiledPaper
from pdp.letters.models import Letter
from pdp.letters.queries.register import list_of_case
from pdp.letters.service.doors import is_open
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can


def list_papers(actor: Actor, case: Case) -> Sequence[FiledPaper]:
    """Return the letters of a case that the actor may open, the newest first, inside a transaction."""
    if not can(actor, Permission.LETTER_READ):
        return ()
    return [
        FiledPaper(
            title=f"Courrier {row.reference}, {row.kind.label[0].lower()}{row.kind.label[1:]}",
            dated=clock.local(row.produced_at).date(),
            detail=_said(row),
            endpoint="letters.show_letter",
            target=(("letter_id", row.public_id),),
        )
        for row in list_of_case(case.cellule_id, case.id)
        if is_open(actor, row, case)
    ]


def _said(row: Letter) -> str:
    if row.sent_on is None or row.sent_by_means is None:
        return "Envoi non enregistré"
    return f"Parti le {french.day(row.sent_on)}, {row.sent_by_means.label}"
