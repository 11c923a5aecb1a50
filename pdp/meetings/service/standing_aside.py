"""What a vote says beyond its count: a déport in séance closes the file; a proxy follows who carries it."""

from collections.abc import Sequence

from pdp.accounts.models import Membership
from pdp.cases.enums import RecusalReason
from pdp.cases.models import Case
from pdp.cases.queries import recusals
from pdp.cases.service import recusing
from pdp.core import db
from pdp.core.errors import RuleViolation
from pdp.meetings import queries
from pdp.meetings.enums import AttendanceState, VoteChannel, VoteValue
from pdp.meetings.models import BallotVoter, Vote
from pdp.meetings.queries import HeldBallot
from pdp.policy.actor import Actor

_NO_PROXY = "Vous ne portez pas le pouvoir de ce siège dans ce scrutin. Rechargez la page."
_CARRIER_LEFT = (
    "Le pouvoir de ce siège est tombé : la personne qui le porte a quitté la séance. Ce siège compte comme absent."
)
_CARRIER_ASIDE = (
    "Le pouvoir de ce siège est tombé : la personne qui le porte s’est déportée. Ce siège compte comme absent."
)
_NOBODY_TO_RECUSE = (
    "Un siège représenté vote ou s’abstient : un déport est celui d’une personne, et elle n’est pas là. "
    "Sans réponse, ce siège compte comme absent."
)


def carried_seat(actor: Actor, held: HeldBallot, seat: str) -> BallotVoter:
    """Return the represented seat, by public id, whose proxy the actor carries. Raises `RuleViolation`."""
    seat_id = queries.find_seat(actor.cellule_id, seat).id
    for voter in queries.list_voters(held.ballot.id):
        if voter.seat_id == seat_id and voter.by_proxy and voter.membership_id == actor.membership_id:
            return voter
    raise RuleViolation(_NO_PROXY)


def ensure_proxy_holds(held: HeldBallot, voter: BallotVoter, value: VoteValue) -> None:
    """Refuse an answer by proxy once the carrier left or took no part; nothing for other seats."""
    if not voter.by_proxy:
        return
    if value is VoteValue.RECUSED:
        raise RuleViolation(_NOBODY_TO_RECUSE)
    if voter.membership_id in queries.load_poll(held.ballot).recused:
        raise RuleViolation(_CARRIER_ASIDE)
    rows = queries.list_attendances(held.ballot.cellule_id, held.meeting_id)
    if not any(row.seat_id == voter.seat_id and row.state is AttendanceState.REPRESENTED for row in rows):
        raise RuleViolation(_CARRIER_LEFT)


def still_carried(held: HeldBallot, voters: Sequence[BallotVoter]) -> Sequence[BallotVoter]:
    """Return the seats that may still be answered for: not those whose proxy fell."""
    if not any(voter.by_proxy for voter in voters):
        return voters
    recused = queries.load_poll(held.ballot).recused
    rows = queries.list_attendances(held.ballot.cellule_id, held.meeting_id)
    represented = {row.seat_id for row in rows if row.state is AttendanceState.REPRESENTED}
    return [
        voter
        for voter in voters
        if not voter.by_proxy or (voter.membership_id not in recused and voter.seat_id in represented)
    ]


def follow_vote(actor: Actor, held: HeldBallot, vote: Vote, last: Vote | None) -> None:
    """Close the file to whoever said in séance that they take no part; open it when the typed answer is corrected.

    The referent, and the last person who could run the séance, lose the vote and the quorum only: the file
    would be left with nobody.
    """
    if vote.value is VoteValue.RECUSED:
        case, user_id = _whose(held, vote)
        if recusing.objection_to(case, user_id) is None:
            recusing.recuse(actor, case, user_id, RecusalReason.OTHER)
        return
    corrected = last is not None and last.value is VoteValue.RECUSED and last.membership_id == vote.membership_id
    if corrected and vote.channel is not VoteChannel.OWN_DEVICE:
        case, user_id = _whose(held, vote)
        row = recusals.find_current(case.cellule_id, case.id, user_id)
        if row is not None:
            recusing.end(actor, row)


def _whose(held: HeldBallot, vote: Vote) -> tuple[Case, int]:
    session = db.session()
    return session.get_one(Case, held.case_id), session.get_one(Membership, vote.membership_id).user_id
