"""Call a séance off: its requests wait for another one, and those convened are told."""

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.meetings import hooks, queries
from pdp.meetings.rules.workflow import MeetingAction, next_status
from pdp.meetings.service.steps import bump, check_version, move_request
from pdp.meetings.service.telling import tell_members
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.requests.enums import RequestAction


def cancel_meeting(actor: Actor, meeting: str, *, version: int, reason: str) -> int:
    """Cancel a séance that is not open yet, for good; return how many requests wait for another one.

    The reason is read on its page, after signing in: it is in no mail.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        found = queries.lock_meeting(actor, meeting)
        found.status = next_status(found.status, MeetingAction.CANCEL)
        check_version(found, version, "cette séance")
        found.cancelled_at, found.cancelled_reason = clock.now(), reason
        items = queries.list_items(found)
        for item in items:
            move_request(queries.lock_request(actor, item.request.public_id), RequestAction.UNSCHEDULE)
            audit.record(actor, "meeting.send_back", case_id=item.request.case_id, subject=item)
        bump(found)
        audit.record(actor, "meeting.cancel", subject=found, sent_back=len(items))
        tell_members(actor, found, NoticeKind.MEETING_CANCELLED, but=hooks.tell(actor, found, hooks.Change.CANCELLED))
    return len(items)
