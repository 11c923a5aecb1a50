"""What may still change while a ballot is open: a vote asked for instead of an agreement, a reset with its reason."""

from collections.abc import Sequence

from pdp.accounts.enums import BallotMode
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, RuleViolation
from pdp.meetings import queries
from pdp.meetings.enums import BallotStatus, VoteValue
from pdp.meetings.models import Ballot, BallotVoter, Vote
from pdp.meetings.queries import HeldBallot, Poll
from pdp.meetings.rules import secret
from pdp.meetings.service.steps import bump, check_version
from pdp.meetings.service.voting import NOT_ENTITLED
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_CLOSED = "Le scrutin est clos : plus rien n’y change."
_VOTE_ALREADY = "Ce point est déjà mis aux voix : votez, ou dites votre vote au secrétariat."


def ask_for_vote(actor: Actor, ballot: str, *, seat: str | None = None) -> None:
    """Ask for a vote instead of an agreement: the ballot becomes a named one, and keeps who asked.

    A member asks for the own seat; whoever runs the séance, for the `seat` that asked aloud.
    """
    ensure(actor, Permission.MEETING_RUN if seat else Permission.VOTE_CAST)
    with db.transaction(actor):
        held = queries.lock_ballot(actor, ballot)
        queries.ensure_can_follow(actor, held.case_id)
        _ensure_open(held)
        if held.ballot.mode is not BallotMode.CONSENSUS:
            raise RuleViolation(_VOTE_ALREADY)
        voter = _asking(actor, held, seat)
        held.ballot.mode, held.ballot.vote_asked_by = BallotMode.NAMED, voter.seat_label
        bump(held.ballot)
        audit.record(
            actor, "ballot.ask_vote", case_id=held.case_id, subject=held.ballot, seat=voter.seat_id, typed=bool(seat)
        )


def reset_ballot(actor: Actor, ballot: str, *, version: int, reason: str = "") -> None:
    """Begin an open ballot again: the votes given stay in its history and count no more. The reason is printed."""
    ensure(actor, Permission.MEETING_RUN)
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidInput({"reset_reason": ["Écrivez le motif : il est imprimé au procès-verbal."]})
    with db.transaction(actor):
        held = queries.lock_ballot(actor, ballot)
        found = held.ballot
        _ensure_open(held)
        check_version(found, version, "ce scrutin")
        poll = queries.load_poll(found)
        answers, aside = len(poll.answered), _aside(poll)
        if not answers:
            raise RuleViolation("Aucun vote n’est encore donné : il n’y a rien à reprendre.")
        found.round += 1
        found.reset_reasons = "\n".join(filter(None, (found.reset_reasons, reason)))
        if found.mode is BallotMode.SECRET:
            found.turnout = queries.laid_down(line[0] for line in found.turnout or [])
            found.sealed_counts, found.received = secret.blank(), 0
        _say_again(found, aside)
        bump(found)
        audit.record(actor, "ballot.reset", case_id=held.case_id, subject=found, round=found.round, answers=answers)


def _aside(poll: Poll) -> Sequence[Vote]:
    """Return the déports that hold in the round under way, each person once for a seat."""
    recused = poll.recused
    return list(
        {
            (vote.seat_id, vote.membership_id): vote
            for vote in poll.votes
            if vote.value is VoteValue.RECUSED and vote.membership_id in recused
        }.values()
    )


def _say_again(ballot: Ballot, aside: Sequence[Vote]) -> None:
    """Keep in the round that begins who takes no part: a déport is about the case, no vote to give again."""
    last = dict(queries.last_sequences(ballot.id))
    for vote in aside:
        last[vote.seat_id] += 1
        db.session().add(
            Vote(
                cellule_id=vote.cellule_id,
                ballot_id=vote.ballot_id,
                seat_id=vote.seat_id,
                membership_id=vote.membership_id,
                sequence=last[vote.seat_id],
                round=ballot.round,
                value=vote.value,
                text=vote.text,
                channel=vote.channel,
                cast_by_id=vote.cast_by_id,
                cast_at=clock.now(),
            )
        )


def _ensure_open(held: HeldBallot) -> None:
    if held.ballot.status is not BallotStatus.OPEN:
        raise RuleViolation(_CLOSED)


def _asking(actor: Actor, held: HeldBallot, seat: str | None) -> BallotVoter:
    if seat is None:
        own = queries.voters_for(held, actor.membership_id, clock.today())
        if not own or own[0].membership_id != actor.membership_id:
            raise RuleViolation(NOT_ENTITLED)
        return own[0]
    seat_id = queries.find_seat(actor.cellule_id, seat).id
    for voter in queries.list_voters(held.ballot.id):
        if voter.seat_id == seat_id:
            return voter
    raise RuleViolation("Ce siège ne fait pas partie de ceux qui siègent pour ce dossier.")
