"""The demo's corrections after a closing: one that a second person confirmed, one that she refused."""

from datetime import timedelta

from sqlalchemy import ColumnElement, select

from pdp.core import clock, db
from pdp.demo.moments import Moments
from pdp.demo.people import People
from pdp.meetings.enums import MeetingKind, VoteValue
from pdp.meetings.models import AgendaItem, CelluleOpinion, Meeting
from pdp.meetings.service import correcting
from pdp.requests.models import DispositifRequest

_WRONG = "« Contre » a été saisi d’après l’ordre des sièges ; Hélène Garrec s’était abstenue, ses notes le confirment."
_OMITTED = "Les motifs lus pendant l’échange n’ont pas été recopiés à l’enregistrement de l’avis."
_REASONS = "Le bilan prépare un poste compatible avec les aptitudes, sans retarder la reprise."
_REFUSED = "Aucun motif n’a été soumis aux votants : l’avis est complet tel quel."


def correct_a_vote(people: People, moments: Moments, requests: dict[str, str]) -> None:
    """Correct, before the decision, a vote that was typed wrongly in the séance."""
    item, opinion = _opinion(DispositifRequest.public_id == requests["michel_rem"])
    seat = people.seats["Service social, siège 1"].public_id
    noticed = moments.past_meeting() + timedelta(days=1)
    with clock.acting_at(noticed):
        made = correcting.propose_correction(
            people.actor("claire"),
            item,
            reason=_WRONG,
            votes={seat: VoteValue.ABSTAIN},
            code=opinion.code,
            reasons=opinion.reasons,
        )
    with clock.acting_at(noticed + timedelta(hours=20)):
        correcting.confirm_correction(people.actor("helene"), made)


def refuse_a_correction(people: People, moments: Moments) -> None:
    """Refuse what a colleague would add to an opinion given in writing."""
    item, opinion = _opinion(Meeting.kind == MeetingKind.WRITTEN)
    with clock.acting_at(moments.at(-4, 14)):
        made = correcting.propose_correction(
            people.actor("sophie"), item, reason=_OMITTED, votes={}, code=opinion.code, reasons=_REASONS
        )
    with clock.acting_at(moments.at(-3, 10)):
        correcting.refuse_correction(people.actor("helene"), made, reason=_REFUSED)


def _opinion(about: ColumnElement[bool]) -> tuple[str, CelluleOpinion]:
    with db.reading() as session:
        rows = (
            select(AgendaItem.public_id, CelluleOpinion)
            .join(CelluleOpinion, CelluleOpinion.item_id == AgendaItem.id)
            .join(Meeting, Meeting.id == AgendaItem.meeting_id)
            .join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
            .where(about)
        )
        item, opinion = session.execute(rows).one()
        return item, opinion
