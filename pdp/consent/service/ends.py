"""What the end of an agreement brings with it: the trace, what is asked back, who is told."""

from datetime import timedelta

from pdp.accounts.recipients import list_scopes
from pdp.audit import service as audit
from pdp.consent import listeners, queries
from pdp.consent.enums import AgreementEnd, RecallState
from pdp.consent.listeners import EndedSharing
from pdp.consent.models import Recall, SharingAgreement
from pdp.consent.rules import RECALL_DAYS
from pdp.consent.service.keys import CaseKey
from pdp.core import clock, db
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor

# Where a partner reads what is asked of it: a page that says nothing of a case.
RECALLS_PATH = "/rappels"


def end_with_case(actor: Actor, case: CaseKey) -> int:
    """End every agreement of a case that ends, in the transaction under way; return how many."""
    today = clock.today()
    standing = queries.list_standing(case.cellule_id, case.case_id, today)
    for agreement in standing:
        agreement.withdrawn_on, agreement.end_kind = today, AgreementEnd.CASE_ENDED
        agreement.version += 1
    db.session().flush()
    for agreement in standing:
        draw(actor, agreement)
    return len(standing)


def end_due() -> int:
    """Draw, cellule by cellule, the effects of the agreements that are over; return how many.

    The job of the night: what ends by its date acts without it, but for the trace and the notices.
    """
    ended = 0
    for scope in list_scopes():
        with db.transaction(scope):
            for agreement in queries.list_due_ends(scope.cellule_id, clock.today()):
                draw(None, agreement)
                ended += 1
    return ended


def draw(actor: Actor | None, agreement: SharingAgreement) -> None:
    """Draw, once, the effects of an agreement that is over.

    The end itself acts by its dates at each reading; this leaves its trace, asks a partner to destroy
    what it took out before a withdrawal, tells the people concerned, and calls the listeners.
    """
    if agreement.ended_at is not None:
        return
    ended = _ended(agreement)
    agreement.ended_at = clock.now()
    agreement.end_kind = ended.kind
    audit.record(
        actor,
        "sharing.end",
        case_id=agreement.case_id,
        subject=agreement,
        organisation=agreement.organisation_id,
        kind=ended.kind.value,
        lost=len(ended.lost),
    )
    if ended.kind is AgreementEnd.WITHDRAWN and ended.lost:
        _recall(actor, agreement)
    if ended.lost:
        _tell_people(agreement)
    listeners.tell(actor, ended)


def _ended(agreement: SharingAgreement) -> EndedSharing:
    today = clock.today()
    key = (agreement.cellule_id, agreement.case_id, agreement.organisation_id)
    remaining = queries.labels_in_force(*key, today)
    stopped, term = agreement.withdrawn_on, agreement.ends_on
    if stopped is not None and (term is None or stopped <= term):
        kind, ended_on = agreement.end_kind or AgreementEnd.WITHDRAWN, stopped
    else:
        kind, ended_on = AgreementEnd.EXPIRED, (term or today) + timedelta(days=1)
    return EndedSharing(
        cellule_id=agreement.cellule_id,
        case_id=agreement.case_id,
        organisation_id=agreement.organisation_id,
        agreement_id=agreement.id,
        kind=kind,
        ended_on=ended_on,
        lost=agreement.labels - remaining,
        remaining=remaining,
    )


def _recall(actor: Actor | None, agreement: SharingAgreement) -> None:
    key = (agreement.cellule_id, agreement.case_id, agreement.organisation_id)
    if not queries.has_left(*key):
        return
    recall = Recall(
        cellule_id=agreement.cellule_id,
        case_id=agreement.case_id,
        organisation_id=agreement.organisation_id,
        state=RecallState.ASKED,
        asked_at=clock.now(),
        due_on=clock.today() + timedelta(days=RECALL_DAYS),
    )
    db.session().add(recall)
    audit.record(actor, "recall.ask", case_id=agreement.case_id, subject=recall)
    notifications.notify(
        queries.people_concerned(*key, clock.today()),
        NoticeKind.RECALL_ASKED,
        cellule_id=agreement.cellule_id,
        link=f"{RECALLS_PATH}/{recall.public_id}",
    )


def _tell_people(agreement: SharingAgreement) -> None:
    """Tell the partner's people without the case: they may no longer know that it exists."""
    key = (agreement.cellule_id, agreement.case_id, agreement.organisation_id)
    notifications.notify(
        queries.people_concerned(*key, clock.today()),
        NoticeKind.SHARING_ENDED,
        cellule_id=agreement.cellule_id,
        link=RECALLS_PATH,
    )
