"""The list without a debate, as its reader may see it; the same statements whatever the agenda."""

from collections.abc import Collection, Sequence

from pdp.meetings.enums import AgendaTrack
from pdp.meetings.models import AgendaItem
from pdp.meetings.queries.agenda import Frame, load_snapshots
from pdp.meetings.queries.rows.listed import FastTrack, ListedItem
from pdp.meetings.queries.standing import standings
from pdp.meetings.rules.fast_track import why_not
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can


def fast_track(
    actor: Actor, frame: Frame, items: Sequence[AgendaItem], labels: dict[int, Collection[Label]]
) -> FastTrack:
    """Return the list from the items that the reader may know.

    A partner is told neither ranks, which would count the other cases, nor what an eligibility still lacks.
    """
    meeting, runs = frame.meeting, can(actor, Permission.MEETING_RUN)
    snapshots = load_snapshots(meeting, items)
    stand = standings(meeting.cellule_id, snapshots)
    rows = [
        _row(actor, item, labels[item.request.case_id], why_not(stand.get(item.request_id)))
        for item in items
        if item.ballot is None and item.opinion is None
    ]
    done = [
        _row(actor, item, labels[item.request.case_id], "")
        for item in items
        if item.track is AgendaTrack.FAST and item.ballot is not None and item.opinion is not None
    ]
    return FastTrack(
        meeting=meeting.public_id,
        version=meeting.version,
        starts_at=meeting.starts_at,
        status=meeting.status,
        listed=tuple(row for row in rows if row.track is AgendaTrack.FAST),
        asked=tuple(row for row in rows if row.track is AgendaTrack.ASKED),
        approved=tuple(done),
        candidates=tuple(row for row in rows if row.track is AgendaTrack.DISCUSSED and runs),
        can_run=runs,
        can_ask=can(actor, Permission.VOTE_CAST),
    )


def _row(actor: Actor, item: AgendaItem, readable: Collection[Label], reason: str) -> ListedItem:
    case, known = item.request.case, Label.IDENTITY in readable
    return ListedItem(
        item=item.public_id,
        version=item.version,
        position=item.position if actor.is_core else None,
        case=case.public_id,
        reference=case.reference,
        name=case.person.full_name if known else "",
        request=item.request.public_id,
        dispositif=item.request.dispositif if Label.REQUEST in readable else None,
        track=item.track,
        why_not=reason if actor.is_core else "",
        opinion=item.opinion.code if item.opinion and Label.OPINION in readable else None,
    )
