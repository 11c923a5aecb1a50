"""What two persons corrected after the closing of a ballot, since the minutes were composed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pdp.cases.models import Case
from pdp.cases.queries import visible_to
from pdp.core import clock, db
from pdp.dispositifs.enums import Dispositif
from pdp.meetings.models import AgendaItem, Ballot, BallotVoter, CelluleOpinion, Meeting, OpinionCorrection
from pdp.policy.actor import Actor
from pdp.requests.models import DispositifRequest


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction that holds, with the case and the dispositif by which its point is found."""

    case: str
    dispositif: Dispositif
    correction: OpinionCorrection
    first: CelluleOpinion

    @property
    def opinion_changes(self) -> bool:
        """Tell whether the opinion itself reads otherwise than it was first recorded."""
        found, first = self.correction, self.first
        return (found.code, found.conditions, found.reasons) != (
            first.first_code,
            first.first_conditions,
            first.first_reasons,
        )


def list_corrected_since(actor: Actor, meeting_public_id: str, since: datetime) -> Sequence[Corrected]:
    """Return the corrections that hold and are not in the edition of `since`, in the order of the agenda.

    Those of cases that the actor may know of: a déport closes the rest, its count included.
    """
    rows = db.session().execute(
        select(Case.public_id, DispositifRequest.dispositif, OpinionCorrection, CelluleOpinion)
        .join(OpinionCorrection, OpinionCorrection.case_id == Case.id)
        .join(AgendaItem, AgendaItem.id == OpinionCorrection.item_id)
        .join(CelluleOpinion, CelluleOpinion.item_id == AgendaItem.id)
        .join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            Meeting.cellule_id == actor.cellule_id,
            Meeting.public_id == meeting_public_id,
            visible_to(actor, clock.today()),
            OpinionCorrection.holds.is_(True),
            OpinionCorrection.decided_at > since,
        )
        .order_by(AgendaItem.position)
    )
    return [Corrected(row[0], row[1], row[2], row[3]) for row in rows]


def seat_labels(item_id: int) -> dict[int, str]:
    """Return how the seats of the electorate of an item were called."""
    rows = db.session().execute(
        select(BallotVoter.seat_id, BallotVoter.seat_label)
        .join(Ballot, Ballot.id == BallotVoter.ballot_id)
        .where(Ballot.item_id == item_id)
    )
    return {row[0]: row[1] for row in rows}
