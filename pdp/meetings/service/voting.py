"""Cast a vote: on one's own device, or typed by the secretary. One vote is one commit."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from pdp.accounts.enums import BallotMode
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import Conflict, RuleViolation
from pdp.core.french import hour, weekday
from pdp.meetings import queries
from pdp.meetings.enums import VoteChannel, VoteValue
from pdp.meetings.models import BallotVoter, Vote
from pdp.meetings.queries import HeldBallot
from pdp.meetings.rules.votes import checked_text
from pdp.meetings.rules.workflow import BallotAction, next_ballot_status
from pdp.meetings.service import standing_aside
from pdp.meetings.service.secret import ALREADY, cast_secret, refuse_typed, refuse_without_vote
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_TWICE = "Un autre vote vient d’être enregistré pour ce siège. Rechargez la page : elle montre celui qui compte."
NOT_ENTITLED = "Vous ne faites pas partie des votants de ce scrutin. Adressez-vous au secrétariat de la cellule."
_HELD_BY_TITULAIRE = "Le titulaire de ce siège prend part à ce dossier. Le suppléant ne vote qu’après son déport."
_HELD_BY_SUPPLEANT = "Un suppléant siège pour ce dossier depuis votre déport. Votre vote n’est pas enregistré."

_FROZEN = (
    "Le traitement des informations de cette personne est limité, à sa demande : aucun vote n’est reçu. "
    "Le scrutin peut être clos, et le point ajourné."
)


@dataclass(frozen=True, slots=True)
class VoteReceipt:
    """What was kept. `replayed` says that this very vote had already been received.

    Of a secret vote, only that it was: no value, no hour.
    """

    seat_label: str
    value: VoteValue | None
    text: str
    sequence: int
    cast_at: datetime | None
    replayed: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    """A vote about to be kept, for a seat and the person who sits in it."""

    membership_id: int
    value: VoteValue
    text: str
    channel: VoteChannel
    key: str | None = None


def cast_vote(
    actor: Actor,
    ballot: str,
    *,
    value: VoteValue,
    text: str = "",
    replaces: int | None = None,
    idempotency_key: str | None = None,
    seat: str | None = None,
) -> VoteReceipt:
    """Keep the vote of the actor's own seat, given on an own device.

    `seat` names a represented seat whose proxy the actor carries: it votes apart from the own one.

    The same `idempotency_key` returns the first vote. A change before closing names in `replaces` the
    sequence of the vote it replaces; without it a second vote raises `Conflict`. Raises `RuleViolation`
    for a person outside the electorate and for a closed ballot, `InvalidInput` for a missing text.
    """
    ensure(actor, Permission.VOTE_CAST)
    with _one_answer_at_a_time(), db.transaction(actor):
        held = queries.lock_ballot(actor, ballot, queries.ANY_KIND)
        queries.ensure_can_follow(actor, held.case_id)
        _refuse_late(held)
        _refuse_frozen(held)
        voter, given = _own_seat(actor, held, seat)
        if replayed := next((vote for vote in given if vote.idempotency_key == (idempotency_key or "")), None):
            audit.record(actor, "vote.replay", case_id=held.case_id, subject=held.ballot)
            return _receipt(voter, replayed, replayed=True)
        refuse_without_vote(held)
        standing_aside.ensure_proxy_holds(held, voter, value)
        if held.ballot.mode is BallotMode.SECRET:
            if value is not VoteValue.RECUSED:
                counted = cast_secret(actor, held, voter, given, value, idempotency_key)
                return VoteReceipt(voter.seat_label, None, "", 0, None, counted)
            if voter.seat_id in queries.took_part(held.ballot):
                raise Conflict(ALREADY)
        answer = _Answer(
            actor.membership_id, value, checked_text(value, text), VoteChannel.OWN_DEVICE, idempotency_key
        )
        return _receipt(voter, _keep(actor, held, voter, given, answer, replaces))


def recuse(
    actor: Actor, ballot: str, *, replaces: int | None = None, idempotency_key: str | None = None
) -> VoteReceipt:
    """Declare that the actor takes no part in this case; a suppléant of the seat may then sit."""
    return cast_vote(actor, ballot, value=VoteValue.RECUSED, replaces=replaces, idempotency_key=idempotency_key)


def type_vote(
    actor: Actor,
    ballot: str,
    *,
    seat: str,
    value: VoteValue,
    text: str = "",
    replaces: int | None = None,
    person: str | None = None,
    channel: VoteChannel = VoteChannel.TYPED,
) -> VoteReceipt:
    """Keep a named vote said aloud, typed by the secretary; `PHONE` in a written consultation only.

    `person` names the membership of the suppléant who sits after a déport. A vote given on an own device
    is never replaced by a typed one.
    """
    ensure(actor, Permission.MEETING_RUN)
    kinds = queries.WRITTEN if channel is VoteChannel.PHONE else queries.SEANCES
    with _one_answer_at_a_time(), db.transaction(actor):
        held = queries.lock_ballot(actor, ballot, kinds)
        _refuse_late(held)
        _refuse_frozen(held)
        voters = queries.list_voters(held.ballot.id)
        voter = _voter_of_seat(voters, queries.find_seat(actor.cellule_id, seat).id)
        refuse_typed(held, voter, value)
        given = queries.list_votes(held.ballot.id, voter.seat_id)
        sitting = given[-1].membership_id if given else voter.membership_id
        if person is not None:
            sitting = _suppleant(voter, voters, given, person)
        if given and given[-1].membership_id == sitting and given[-1].channel is VoteChannel.OWN_DEVICE:
            raise RuleViolation("Cette personne a voté sur son appareil : elle seule peut changer son vote.")
        answer = _Answer(sitting, value, checked_text(value, text), channel)
        return _receipt(voter, _keep(actor, held, voter, given, answer, replaces))


def type_all_for(actor: Actor, ballot: str) -> int:
    """Type *pour* for every seat that has not answered yet, and return how many; exceptions come next."""
    ensure(actor, Permission.MEETING_RUN)
    with _one_answer_at_a_time(), db.transaction(actor):
        held = queries.lock_ballot(actor, ballot)
        _refuse_frozen(held)
        next_ballot_status(held.ballot.status, BallotAction.CAST)
        refuse_typed(held, None, VoteValue.FOR)
        answered = {vote.seat_id for vote in queries.list_votes(held.ballot.id)}
        last = _last_sequences(held)
        voters = standing_aside.still_carried(held, queries.list_voters(held.ballot.id))
        silent = [voter for voter in voters if voter.seat_id not in answered]
        for voter in silent:
            answer = _Answer(voter.membership_id, VoteValue.FOR, "", VoteChannel.TYPED)
            db.session().add(_row(actor, held, voter, answer, last.get(voter.seat_id, 0) + 1))
        audit.record(actor, "vote.type_all", case_id=held.case_id, subject=held.ballot, seats=len(silent))
    return len(silent)


def _refuse_late(held: HeldBallot) -> None:
    """Refuse a vote after the deadline, whether or not the job that closes has run yet."""
    if held.deadline is not None and clock.now() >= held.deadline:
        at = clock.local(held.deadline)
        raise RuleViolation(f"La consultation a pris fin {weekday(at.date())} à {hour(at)} : ce vote n’est pas reçu.")


def _refuse_frozen(held: HeldBallot) -> None:
    if queries.is_frozen(held.ballot.cellule_id, held.case_id):
        raise RuleViolation(_FROZEN)


def _own_seat(actor: Actor, held: HeldBallot, seat: str | None = None) -> tuple[BallotVoter, Sequence[Vote]]:
    """Return the seat that the actor answers for, with the answers it already gave."""
    if seat is not None:
        carried = standing_aside.carried_seat(actor, held, seat)
        return carried, queries.list_votes(held.ballot.id, carried.seat_id)
    voters = queries.voters_for(held, actor.membership_id, clock.today())
    if not voters:
        raise RuleViolation(NOT_ENTITLED)
    own = voters[0].membership_id == actor.membership_id
    for voter in voters[:1] if own else voters:
        given = queries.list_votes(held.ballot.id, voter.seat_id)
        last = given[-1] if given else None
        if own and last and last.membership_id != actor.membership_id:
            raise RuleViolation(_HELD_BY_SUPPLEANT)
        if own or (last and _open_to_suppleant(last, actor.membership_id)):
            return voter, given
    raise RuleViolation(_HELD_BY_TITULAIRE)


def _open_to_suppleant(last: Vote, membership_id: int) -> bool:
    return last.value is VoteValue.RECUSED or last.membership_id == membership_id


def _voter_of_seat(voters: Sequence[BallotVoter], seat_id: int) -> BallotVoter:
    for voter in voters:
        if voter.seat_id == seat_id:
            return voter
    raise RuleViolation("Ce siège ne fait pas partie des votants de ce scrutin.")


def _suppleant(voter: BallotVoter, voters: Sequence[BallotVoter], given: Sequence[Vote], person: str) -> int:
    """Return the membership of a suppléant who may sit in the seat now, after the déport of another."""
    holders = queries.list_holders([voter.seat_id], clock.today())
    named = next((holder.membership for holder in holders if holder.membership.public_id == person), None)
    if named is None:
        raise RuleViolation("Cette personne ne peut pas occuper ce siège.")
    if named.id == voter.membership_id or (given and given[-1].membership_id == named.id):
        return named.id
    if any(other.membership_id == named.id for other in voters) or voter.by_proxy:
        raise RuleViolation("Cette personne occupe déjà un autre siège : personne ne vote deux fois.")
    if not given or given[-1].value is not VoteValue.RECUSED:
        raise RuleViolation(_HELD_BY_TITULAIRE)
    return named.id


def _keep(
    actor: Actor,
    held: HeldBallot,
    voter: BallotVoter,
    given: Sequence[Vote],
    answer: _Answer,
    replaces: int | None,
) -> Vote:
    """Add the answer as the newest of the seat. The caller holds the ballot's lock."""
    next_ballot_status(held.ballot.status, BallotAction.CAST)
    standing_aside.ensure_proxy_holds(held, voter, answer.value)
    last = given[-1] if given else None
    # A suppléant who sits after a déport replaces nobody's vote: the déport stays in the history.
    if last is not None and last.membership_id == answer.membership_id and replaces != last.sequence:
        raise Conflict(_already(last, answer.channel))
    before = last.sequence if last else _last_sequences(held).get(voter.seat_id, 0)
    vote = _row(actor, held, voter, answer, before + 1)
    db.session().add(vote)
    audit.record(
        actor,
        "vote.cast",
        case_id=held.case_id,
        subject=held.ballot,
        seat=voter.seat_id,
        sequence=vote.sequence,
        channel=vote.channel,
    )
    standing_aside.follow_vote(actor, held, vote, last)
    return vote


def _last_sequences(held: HeldBallot) -> Mapping[int, int]:
    """Return where the numbers of each seat stand: a reset leaves the earlier votes in the history."""
    return queries.last_sequences(held.ballot.id) if held.ballot.round > 1 else {}


def _row(actor: Actor, held: HeldBallot, voter: BallotVoter, answer: _Answer, sequence: int) -> Vote:
    return Vote(
        cellule_id=held.ballot.cellule_id,
        ballot_id=held.ballot.id,
        seat_id=voter.seat_id,
        membership_id=answer.membership_id,
        sequence=sequence,
        round=held.ballot.round,
        value=answer.value,
        text=answer.text,
        channel=answer.channel,
        cast_by_id=actor.user_id,
        cast_at=clock.now(),
        idempotency_key=answer.key,
    )


def _receipt(voter: BallotVoter, vote: Vote, *, replayed: bool = False) -> VoteReceipt:
    return VoteReceipt(voter.seat_label, vote.value, vote.text, vote.sequence, vote.cast_at, replayed)


def _already(last: Vote, channel: VoteChannel) -> str:
    at, value = hour(clock.local(last.cast_at)), last.value.label
    if channel is not VoteChannel.OWN_DEVICE:
        return f"Le vote de ce siège est déjà saisi : « {value} », à {at}. Rechargez la page pour le corriger."
    if last.channel is not VoteChannel.OWN_DEVICE:
        return f"Le secrétariat a saisi « {value} » pour votre siège à {at}. Rechargez la page pour le changer."
    return (
        f"Vous avez déjà voté « {value} » à {at}. Choisissez « Modifier mon vote » pour le changer avant la clôture."
    )


@contextmanager
def _one_answer_at_a_time() -> Iterator[None]:
    """Turn a refusal of the unique keys into a message: the lock makes it rare, never impossible."""
    try:
        yield
    except IntegrityError as error:
        raise Conflict(_TWICE) from error
