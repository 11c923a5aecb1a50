"""A vote in a secret ballot: a counter grows, a participation is marked, nothing else is written.

The journal says who took part and when, as for any act; no row says what, and no other row moves.
"""

from collections.abc import Sequence

from pdp.accounts.enums import BallotMode
from pdp.audit import service as audit
from pdp.core.errors import Conflict, RuleViolation
from pdp.meetings import queries
from pdp.meetings.enums import VoteValue
from pdp.meetings.models import BallotVoter, Vote
from pdp.meetings.queries import HeldBallot
from pdp.meetings.rules import secret
from pdp.meetings.rules.workflow import BallotAction, next_ballot_status
from pdp.policy.actor import Actor

ALREADY = "Votre vote est déjà reçu. Un vote secret ne change plus : personne, vous compris, ne peut le retrouver."
_ASIDE = "Vous avez déclaré que vous ne prenez pas part à ce dossier : votre vote n’est pas reçu."
_TYPED = "Le scrutin est secret : chacun vote sur son appareil, le secrétariat ne saisit aucun vote."
_NO_VOTE = "L’avis est proposé sans vote. Demandez d’abord un vote : le scrutin nominatif s’ouvrira."


def refuse_typed(held: HeldBallot, voter: BallotVoter | None, value: VoteValue) -> None:
    """Refuse a typed vote where none may be: only a déport, which is public, is typed in a secret ballot."""
    refuse_without_vote(held)
    if held.ballot.mode is not BallotMode.SECRET:
        return
    if value is not VoteValue.RECUSED or voter is None:
        raise RuleViolation(_TYPED)
    if voter.seat_id in queries.took_part(held.ballot):
        raise RuleViolation("Ce siège a déjà voté : un vote secret ne se retire pas.")


def refuse_without_vote(held: HeldBallot) -> None:
    """Refuse a vote while the proposal stands without one."""
    if held.ballot.mode is BallotMode.CONSENSUS:
        raise RuleViolation(_NO_VOTE)


def cast_secret(
    actor: Actor, held: HeldBallot, voter: BallotVoter, given: Sequence[Vote], value: VoteValue, key: str | None
) -> bool:
    """Count a secret vote; tell whether this very request had been counted. The caller holds the ballot's lock.

    Raises `Conflict` for a second vote: nothing that is kept could say which one to change.
    """
    ballot = held.ballot
    if queries.is_replay(ballot, voter.seat_id, key):
        audit.record(actor, "vote.replay", case_id=held.case_id, subject=ballot)
        return True
    next_ballot_status(ballot.status, BallotAction.CAST)
    if voter.seat_id in queries.took_part(ballot):
        raise Conflict(ALREADY)
    if given and given[-1].value is VoteValue.RECUSED and given[-1].membership_id == actor.membership_id:
        raise RuleViolation(_ASIDE)
    ballot.sealed_counts = secret.added(ballot.sealed_counts or secret.blank(), voter.voice, value)
    ballot.turnout = queries.marked(ballot, voter.seat_id, actor.membership_id, key)
    ballot.received += 1
    audit.record(actor, "vote.cast", case_id=held.case_id, subject=ballot, seat=voter.seat_id, secret=True)
    return False
