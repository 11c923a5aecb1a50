"""What decides the order of an agenda, in a number of statements that no agenda makes grow."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select

from pdp.accounts import queries as accounts
from pdp.accounts.enums import PARTNER_KINDS
from pdp.accounts.models import User
from pdp.cases.models import Activity, Stoppage
from pdp.core import clock, db
from pdp.meetings.enums import MeetingKind, MeetingStatus
from pdp.meetings.models import AgendaItem, Meeting
from pdp.meetings.queries.access import opens
from pdp.meetings.queries.agenda import load_agenda
from pdp.meetings.queries.timetable import followers_by_case
from pdp.meetings.rules.ordering import Candidate, first_end
from pdp.policy.actor import Actor


def list_candidates(actor: Actor, meeting: Meeting) -> Sequence[tuple[AgendaItem, Candidate]]:
    """Return the items of an agenda with what decides their order.

    Of a case behind closed doors, that the actor may not know, nothing is read: it comes with the others last.
    """
    items = load_agenda(meeting)
    known = {item.request.case_id for item in items if opens(actor, item.request.case)}
    ends, partners = _ends(meeting.cellule_id, known), _partners(meeting, known)
    names = _names({item.request.case.referent_user_id for item in items if item.request.case_id in known})
    return [(item, _candidate(item, item.request.case_id in known, ends, partners, names)) for item in items]


def list_other_meetings(actor: Actor, meeting: Meeting) -> Sequence[Meeting]:
    """Return the other séances that are planned or open, the next one first."""
    return (
        db.session()
        .scalars(
            select(Meeting)
            .where(
                Meeting.cellule_id == actor.cellule_id,
                Meeting.id != meeting.id,
                Meeting.kind == MeetingKind.SEANCE,
                Meeting.status.in_((MeetingStatus.PLANNED, MeetingStatus.OPEN)),
            )
            .order_by(Meeting.starts_at, Meeting.id)
        )
        .all()
    )


def lock_both(actor: Actor, item: str, meeting: str) -> None:
    """Lock the séance of an item and another one, the earlier first: two people who cross do not block each other."""
    own = select(AgendaItem.meeting_id).where(AgendaItem.cellule_id == actor.cellule_id, AgendaItem.public_id == item)
    wanted = (
        select(Meeting.id)
        .where(Meeting.cellule_id == actor.cellule_id, Meeting.kind == MeetingKind.SEANCE)
        .where(or_(Meeting.public_id == meeting, Meeting.id.in_(own)))
        .order_by(Meeting.starts_at, Meeting.id)
        .with_for_update()
    )
    db.session().execute(wanted).all()


def _candidate(
    item: AgendaItem,
    is_known: bool,
    ends: dict[int, list[date]],
    partners: dict[int, frozenset[int]],
    names: dict[int, str],
) -> Candidate:
    fixed = item.started_at is not None or item.ballot is not None or item.opinion is not None
    if not is_known:
        return Candidate(item.id, fixed=fixed)
    case = item.request.case
    return Candidate(
        key=item.id,
        urgent_on=first_end([*ends.get(case.id, ()), item.request.measure_start], clock.today()),
        referent=names.get(case.referent_user_id or 0, ""),
        partners=partners.get(case.id, frozenset()),
        fixed=fixed,
    )


def _ends(cellule_id: int, case_ids: set[int]) -> dict[int, list[date]]:
    """Return the ends of arrêts under way and of contracts, by case; two statements."""
    found: dict[int, list[date]] = defaultdict(list)
    stoppages = select(Stoppage.case_id, Stoppage.prescribed_end).where(
        Stoppage.cellule_id == cellule_id, Stoppage.case_id.in_(case_ids), Stoppage.ended_on.is_(None)
    )
    contracts = select(Activity.case_id, Activity.ends_on).where(
        Activity.cellule_id == cellule_id, Activity.case_id.in_(case_ids), Activity.ends_on.is_not(None)
    )
    for statement in (stoppages, contracts):
        for case_id, end in db.session().execute(statement):
            if end is not None:
                found[case_id].append(end)
    return found


def _partners(meeting: Meeting, case_ids: set[int]) -> dict[int, frozenset[int]]:
    day = clock.local(meeting.starts_at).date()
    partners = [row.id for row in accounts.list_organisations(meeting.cellule_id, day) if row.kind in PARTNER_KINDS]
    return dict(followers_by_case(meeting.cellule_id, case_ids, partners))


def _names(user_ids: set[int | None]) -> dict[int, str]:
    rows = db.session().scalars(select(User).where(User.id.in_([key for key in user_ids if key is not None])))
    return {user.id: f"{user.family_name} {user.given_name}" for user in rows}
