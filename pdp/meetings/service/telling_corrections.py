"""Tell of a correction, without a word about a person: who may confirm it, then who voted."""

from pdp.accounts import queries as accounts
from pdp.core import clock
from pdp.meetings.models import OpinionCorrection
from pdp.meetings.queries import HeldItem, Poll
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import GRANTS, Permission


def tell_proposed(actor: Actor, held: HeldItem, row: OpinionCorrection) -> None:
    """Leave a notice to everybody of the core who may confirm; who may not see the case gets none."""
    people = accounts.list_people(row.cellule_id, clock.today())
    able = {person.user_id for person in people if person.role in GRANTS[Permission.OPINION_CORRECT]}
    notifications.notify(
        able - {actor.user_id},
        NoticeKind.CORRECTION_PROPOSED,
        cellule_id=row.cellule_id,
        case_id=held.request.case_id,
        link=_page(row),
    )


def tell_decided(actor: Actor, held: HeldItem, row: OpinionCorrection, poll: Poll | None) -> None:
    """Leave a notice to who proposed and, once it is confirmed, to those who voted (`poll`)."""
    told = {row.proposed_by_id} - {actor.user_id}
    _tell(held, told, row, _page(row))
    if poll is None:
        return
    voted = {voter.membership_id for voter in poll.voters} | {vote.membership_id for vote in poll.votes}
    people = accounts.list_people(row.cellule_id, clock.today())
    voters = {person.user_id for person in people if person.id in voted}
    _tell(held, voters - told - {actor.user_id}, row, f"/seances/{held.meeting.public_id}")


def _tell(held: HeldItem, people: set[int], row: OpinionCorrection, link: str) -> None:
    kind = NoticeKind.CORRECTION_DECIDED
    notifications.notify(people, kind, cellule_id=row.cellule_id, case_id=held.request.case_id, link=link)


def _page(row: OpinionCorrection) -> str:
    return f"/rectifications/{row.public_id}"
