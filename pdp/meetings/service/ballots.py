"""Open and close a ballot. Opening freezes question, electorate and eligibility; closing freezes all."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from pdp.accounts.enums import BallotMode, Voice
from pdp.accounts.models import Seat
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, RuleViolation
from pdp.core.french import hour, listing
from pdp.meetings import queries
from pdp.meetings.enums import AgendaTrack, BallotStatus, OpinionCode
from pdp.meetings.models import Ballot, BallotVoter
from pdp.meetings.queries import HeldBallot, HeldItem, Poll
from pdp.meetings.rules import secret
from pdp.meetings.rules.alternatives import why_not_yet
from pdp.meetings.rules.opinion import Proposal, QuorumFinding, propose
from pdp.meetings.rules.quorum import Quorum
from pdp.meetings.rules.tally import Tally
from pdp.meetings.rules.words import plural
from pdp.meetings.rules.workflow import BallotAction, MeetingAction, next_ballot_status, next_status
from pdp.meetings.service.electorate import electorate
from pdp.meetings.service.steps import bump, check_version, rules_of
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.requests import queries as requests
from pdp.requests.enums import SnapshotReason
from pdp.requests.rules.standing import Standing
from pdp.requests.service import take_snapshot
from pdp.requests.service.access import ensure_case_open


class MissingVotes(RuleViolation):
    """Some seats have not answered: closing asks for a confirmation. `seats` holds their labels."""

    def __init__(self, seats: tuple[str, ...]) -> None:
        names = listing(seats)
        votes = "Il manque un vote" if len(seats) == 1 else f"Il manque {len(seats)} votes"
        counted = "ce siège comptera comme absent" if len(seats) == 1 else "ces sièges compteront comme absents"
        super().__init__(f"{votes} : {names}. Si vous fermez maintenant, {counted}.")
        self.seats = seats


@dataclass(frozen=True, slots=True)
class ClosedBallot:
    """What a ballot gave, and the opinion that follows from it."""

    quorum: Quorum
    tally: Tally
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Voter:
    """A seat about to enter an electorate, and the membership that answers for it."""

    seat: Seat
    membership_id: int
    by_proxy: bool = False


def open_ballot(
    actor: Actor,
    item: str,
    *,
    version: int,
    question: str = "",
    mode: BallotMode = BallotMode.NAMED,
    proposed: OpinionCode | None = None,
    consultative: bool = True,
) -> str:
    """Put the question of an item to the vote and return the ballot's public id.

    `mode` is how the members answer. CONSENSUS records what the chair proposes (`proposed`): it is agreed
    upon unless somebody asks for a vote. `consultative` says whether the consultative seats take part in a
    SECRET ballot.

    The electorate is frozen: the seats held or represented at this moment, a partner's only with a sharing
    agreement in force that opens the request; nobody who declared a déport. An empty `question` takes the one
    of the item, or of the dispositif.
    """
    ensure(actor, Permission.MEETING_RUN)
    try:
        with db.transaction(actor):
            held = queries.lock_item(actor, item)
            next_status(held.meeting.status, MeetingAction.VOTE)
            check_version(held.item, version, "ce point")
            ensure_case_open(held.request.case)
            _ensure_first(held)
            held.item.question = question or held.item.question or queries.question_of(held.request)
            entitled = [Voter(one.row.seat, one.membership_id, one.by_proxy) for one in electorate(held)]
            voters = _voters_in(mode, entitled, consultative=consultative)
            ballot = freeze(actor, held, voters, mode=mode, proposed=proposed)
            # What is put to the vote by itself is on no list any more.
            held.item.track = AgendaTrack.DISCUSSED if held.item.track is AgendaTrack.FAST else held.item.track
            _ensure_proposable(ballot)
            bump(held.item)
            bump(held.meeting)
            audit.record(
                actor,
                "ballot.open",
                case_id=held.request.case_id,
                subject=ballot,
                seats=len(voters),
                snapshot=ballot.snapshot_id,
                mode=mode,
            )
    except IntegrityError as error:
        raise Conflict("Un scrutin vient d’être ouvert sur ce point. Rechargez la page.") from error
    return ballot.public_id


def close_ballot(actor: Actor, ballot: str, *, version: int, confirm_missing: bool = False) -> ClosedBallot:
    """Close a ballot for good: after that no vote is taken and none changes.

    Raises `MissingVotes` while seats are silent and `confirm_missing` is false, `RuleViolation` while a
    point to check has no named answer, `Conflict` when somebody else closed it first.
    """
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        held = queries.lock_ballot(actor, ballot)
        found = held.ballot
        if found.status is BallotStatus.CLOSED:
            raise Conflict(_closed_already(actor, found))
        check_version(found, version, "ce scrutin")
        poll = queries.load_poll(found)
        standing = queries.standing_of(found)
        _ensure_complete(poll, standing, confirm_missing)
        if found.mode is BallotMode.SECRET:
            found.counts, found.sealed_counts = str(found.sealed_counts or secret.blank()), None
        result = result_of(held, poll, standing)
        found.status = next_ballot_status(found.status, BallotAction.CLOSE)
        found.closed_at, found.closed_by_id = clock.now(), actor.user_id
        found.quorum_reached, found.quorum_sentence = result.quorum.reached, result.quorum.sentence
        if found.mode is BallotMode.SECRET:
            found.turnout = queries.settled(found)
        bump(found)
        audit.record(
            actor,
            "ballot.close",
            case_id=held.case_id,
            subject=found,
            answers=len(poll.answered),
            silent=0 if found.mode is BallotMode.CONSENSUS else len(poll.silent),
        )
    return result


def _ensure_first(held: HeldItem) -> None:
    if queries.find_ballot_of(held.item.id) is not None:
        raise RuleViolation("Ce point a déjà été mis aux voix : un scrutin ne se rouvre pas.")
    if queries.find_opinion(held.item.id) is not None:
        raise RuleViolation("L’avis sur ce point est déjà enregistré.")
    if reason := why_not_yet(queries.alternatives_of(held.item)):
        raise RuleViolation(reason)
    for other in queries.list_items(held.meeting):
        if other.ballot and other.ballot.status is BallotStatus.OPEN:
            raise RuleViolation(f"Le scrutin du point {other.position} est encore ouvert. Fermez-le d’abord.")


def _voters_in(mode: BallotMode, voters: Sequence[Voter], *, consultative: bool) -> Sequence[Voter]:
    if mode is not BallotMode.SECRET or consultative:
        return voters
    kept = [one for one in voters if one.seat.voice is Voice.DELIBERATIVE]
    if not kept:
        raise RuleViolation("Aucun siège à voix délibérative n’est occupé : le scrutin secret n’aurait pas de votant.")
    return kept


def _ensure_proposable(ballot: Ballot) -> None:
    """Refuse to propose without a vote what no vote could give. Raises `InvalidInput`."""
    if ballot.mode is not BallotMode.CONSENSUS:
        return
    if ballot.proposed is None or ballot.proposed is OpinionCode.ADJOURNED:
        raise InvalidInput({"proposed": ["Choisissez l’avis que la présidence propose."]})
    standing = queries.standing_of(ballot)
    if ballot.proposed not in standing.allowed_opinions:
        raise InvalidInput({"proposed": [f"Cet avis ne peut pas être proposé. {standing.sentence}"]})


def freeze(
    actor: Actor,
    held: HeldItem,
    electorate: Sequence[Voter],
    *,
    mode: BallotMode = BallotMode.NAMED,
    proposed: OpinionCode | None = None,
) -> Ballot:
    """Add the ballot of a locked item, its electorate and the eligibility of this moment."""
    session = db.session()
    loaded = requests.get_request(actor, held.request.public_id)
    snapshot = take_snapshot(loaded, SnapshotReason.BALLOT_OPENED)
    ballot = Ballot(
        cellule_id=held.item.cellule_id,
        item_id=held.item.id,
        question=held.item.question,
        status=BallotStatus.OPEN,
        opened_at=clock.now(),
        opened_by_id=actor.user_id,
        chair_seat_id=held.meeting.chair_seat_id,
        snapshot_id=snapshot.id,
        mode=mode,
        proposed=proposed if mode is BallotMode.CONSENSUS else None,
    )
    if mode is BallotMode.SECRET:
        ballot.turnout = queries.laid_down(one.seat.id for one in electorate)
        ballot.sealed_counts = secret.blank()
    session.add(ballot)
    session.flush()
    session.add_all(
        BallotVoter(
            cellule_id=ballot.cellule_id,
            ballot_id=ballot.id,
            seat_id=row.seat.id,
            membership_id=row.membership_id,
            seat_label=row.seat.label,
            organisation_kind=row.seat.organisation.kind,
            voice=row.seat.voice,
            position=row.seat.position,
            by_proxy=row.by_proxy,
        )
        for row in electorate
    )
    return ballot


def _ensure_complete(poll: Poll, standing: Standing, confirm_missing: bool) -> None:
    questions = standing.leading.questions
    if questions:
        asked = " ; ".join(question.text.rstrip(".") for question in questions)
        count = plural(len(questions), "point à vérifier", "points à vérifier")
        raise RuleViolation(f"Il reste {count} : {asked}. Une personne nommée doit répondre avant la clôture.")
    if poll.ballot.mode is BallotMode.CONSENSUS:
        return
    silent = tuple(voter.seat_label for voter in poll.silent)
    if silent and not confirm_missing:
        raise MissingVotes(silent)


def result_of(held: HeldBallot, poll: Poll, standing: Standing) -> ClosedBallot:
    """Return what a ballot gives if it closes now: quorum, count, and the opinion that follows."""
    meeting = queries.get_meeting_row(held.ballot.cellule_id, held.meeting_id)
    rules = rules_of(meeting)
    attendances = queries.list_attendances(held.ballot.cellule_id, held.meeting_id)
    # Who agrees without a vote says nothing: those who sit make the quorum.
    closing = held.ballot.mode is not BallotMode.CONSENSUS
    quorum = queries.quorum_of(poll, attendances, rules, closing=closing)
    tally = queries.count_votes(poll, rules)
    finding = QuorumFinding(quorum.reached, quorum.sentence)
    return ClosedBallot(
        quorum, tally, propose(finding, tally, queries.grounds_of(standing), agreed=queries.agreed(held.ballot))
    )


def _closed_already(actor: Actor, ballot: Ballot) -> str:
    at = hour(clock.local(ballot.closed_at)) if ballot.closed_at else ""
    if ballot.closed_by_id == actor.user_id:
        return f"Vous avez déjà clos ce scrutin à {at} : rien n’a changé."
    return f"Une autre personne a clos ce scrutin à {at} : rien n’a changé."
