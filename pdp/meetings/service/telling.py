"""Tell the members that a séance is planned or moved, and give them its calendar file."""

from collections.abc import Collection

from pdp.accounts import queries as accounts
from pdp.accounts.enums import CORE_KINDS
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.meetings import hooks, queries
from pdp.meetings.models import Meeting
from pdp.notifications import service as notifications
from pdp.notifications.calendar import Appointment
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


def calendar_entry(actor: Actor, meeting: str, site: str) -> Appointment:
    """Return a séance as a calendar knows it; a partner must have a case on its agenda."""
    ensure(actor, Permission.MEETING_READ)
    with db.transaction(actor):
        found = queries.get_frame(actor, meeting).meeting
        if not actor.is_core and not queries.visible_items(actor, meeting):
            raise NotFound
        audit.record(actor, "meeting.calendar", subject=found)
        own = hooks.find_own_reply(actor, meeting)
    link = f"{site}{_path(found)}"
    if own is not None:
        return Appointment(own.reference, own.starts_at, own.ends_at, found.place, link, own.sequence)
    return Appointment(found.public_id, found.starts_at, found.ends_at, found.place, link, found.reschedulings)


def tell_members(actor: Actor, meeting: Meeting, kind: NoticeKind, *, but: Collection[int] = ()) -> None:
    """Leave a notice to those who sit for the core, and to the partners with a case on the agenda.

    `but` names the people who learn of it by another way.
    """
    items = queries.list_items(meeting)
    seats = accounts.list_seats(meeting.cellule_id, clock.local(meeting.starts_at).date())
    partners = {seat.organisation_id for seat in seats if seat.organisation.kind not in CORE_KINDS}
    followed: set[int] = set()
    for case_id in {item.request.case_id for item in items} if partners else ():
        followed |= queries.partners_following(meeting.cellule_id, case_id, partners)
    told = {
        holder.membership.user_id
        for seat in seats
        if seat.organisation.kind in CORE_KINDS or seat.organisation_id in followed
        for holder in seat.holders
    }
    notifications.notify(told - {actor.user_id, *but}, kind, cellule_id=meeting.cellule_id, link=_path(meeting))


def _path(meeting: Meeting) -> str:
    return f"/seances/{meeting.public_id}"
