"""An organisation answers a question, or declines it."""

from pdp.advice import queries
from pdp.advice.enums import AdviceValue, AskAct
from pdp.advice.models import AdviceAsk, AdviceReply, AdviceRound
from pdp.advice.rules import standing as rules
from pdp.advice.service.reading import facts_of_ask, is_revealed
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import Forbidden, NotFound
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.requests.service import access as request_access


def reply(actor: Actor, ask_id: str, *, version: int, value: AdviceValue, text: str = "") -> None:
    """Give the organisation's opinion, or a newer one while the others may not read it.

    Raises `RuleViolation` when it is too late to change it, `Conflict` when a colleague answered meanwhile.
    """
    with db.transaction(actor) as session:
        found, asked = _own(actor, ask_id)
        today = clock.today()
        state = rules.state_of(facts_of_ask(asked), found.due_on, today)
        rules.ensure_may(AskAct.REPLY, state, revealed=is_revealed(found))
        request_access.ensure_fresh(asked, version)
        rules.check_reply(value, text)
        given = AdviceReply(
            cellule_id=asked.cellule_id,
            case_id=asked.case_id,
            ask_id=asked.id,
            value=value,
            text=text,
            late=today > found.due_on,
            replied_by_id=actor.user_id,
            replied_at=clock.now(),
        )
        session.add(given)
        asked.version += 1
        _tell_asker(found)
        audit.record(actor, "advice.reply", case_id=found.case_id, subject=given)


def decline(actor: Actor, ask_id: str, *, version: int, reason: str) -> None:
    """Say that the organisation will not answer, and why. Raises as `reply` does."""
    with db.transaction(actor):
        found, asked = _own(actor, ask_id)
        state = rules.state_of(facts_of_ask(asked), found.due_on, clock.today())
        rules.ensure_may(AskAct.DECLINE, state, revealed=is_revealed(found))
        request_access.ensure_fresh(asked, version)
        asked.declined_at = clock.now()
        asked.declined_by_id = actor.user_id
        asked.decline_reason = reason
        asked.version += 1
        _tell_asker(found)
        audit.record(actor, "advice.decline", case_id=found.case_id, subject=asked)


def _own(actor: Actor, ask_id: str) -> tuple[AdviceRound, AdviceAsk]:
    ensure(actor, Permission.ADVICE_ANSWER)
    found, asked = queries.get_round_of_ask(actor, ask_id, lock=True)
    if asked.organisation_id != actor.organisation_id or asked.revoked_at is not None:
        raise NotFound
    if not actor.is_partner:
        raise Forbidden(Permission.ADVICE_ANSWER)
    return found, asked


def _tell_asker(found: AdviceRound) -> None:
    notifications.notify(
        [found.asked_by_id],
        NoticeKind.ADVICE_ANSWERED,
        cellule_id=found.cellule_id,
        case_id=found.case_id,
        link=f"/demandes/{found.request.public_id}/avis-demandes",
    )
