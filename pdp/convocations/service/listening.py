"""What séances ask of convocations: who announced that they come, and where a reader answers."""

from collections.abc import Mapping

from pdp.convocations import queries
from pdp.convocations.enums import Answer
from pdp.convocations.models import Convocation
from pdp.convocations.rules import reply_of
from pdp.core import clock, db, french
from pdp.core.french import NBSP
from pdp.meetings.enums import AttendanceMode
from pdp.meetings.hooks import OwnReply, SeatReply
from pdp.policy.actor import Actor

_MODES = {Answer.ROOM: AttendanceMode.ROOM, Answer.REMOTE: AttendanceMode.VIDEO}


def list_announced(cellule_id: int, meeting_id: int) -> Mapping[int, SeatReply]:
    """Return what the answers announce for each seat; a suppléant's answer speaks for the titulaire who sends them."""
    rows = [row for row in queries.list_convocations(cellule_id, meeting_id) if row.cancelled_at is None]
    by_person = {row.membership_id: row for row in rows}
    sent = {row.substitute_id for row in rows if row.answer is Answer.SUBSTITUTE}
    return {row.seat_id: _reply(row, by_person) for row in rows if row.membership_id not in sent}


def find_own_reply(actor: Actor, meeting: str) -> OwnReply | None:
    """Say to a person convened where their answer stands; None for one who is not."""
    with db.reading(actor):
        row = queries.find_own(actor, meeting)
        if row is None:
            return None
    path = f"/seances/{meeting}/ma-reponse"
    if row.answer is None:
        sentence = "Vous êtes convié(e) à cette séance, et votre réponse est attendue."
    else:
        on = french.day(clock.local(row.answered_at).date()) if row.answered_at else ""
        sentence = f"Votre réponse à la convocation{NBSP}: {said(row.answer)}, le {on}."
    return OwnReply(
        path=path,
        sentence=sentence,
        is_awaited=row.answer is None,
        reference=row.public_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        sequence=row.sequence,
    )


def said(answer: Answer) -> str:
    """Return an answer as the person gives it."""
    return {
        Answer.ROOM: "je viens, en salle",
        Answer.REMOTE: "je viens, à distance",
        Answer.AWAY: "je ne viens pas",
        Answer.SUBSTITUTE: "j’envoie mon suppléant",
        Answer.OTHER_TIME: "je demande un autre horaire",
    }[answer]


def _reply(row: Convocation, by_person: Mapping[int, Convocation]) -> SeatReply:
    if row.answer is Answer.SUBSTITUTE and row.substitute_id is not None:
        other = by_person.get(row.substitute_id)
        theirs = other.answer if other else None
        return SeatReply(reply_of(row.answer, theirs), row.substitute_id, _MODES.get(theirs) if theirs else None)
    return SeatReply(reply_of(row.answer), row.membership_id, _MODES.get(row.answer) if row.answer else None)
