"""What waits for a person, across features: counters, deadlines, the next séance."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, exists, func, or_, select, true

from pdp.accounts.models import Organisation
from pdp.advice.models import AdviceAsk, AdviceReply, AdviceRound
from pdp.cases.enums import Stage
from pdp.cases.models import Case, InsuredPerson, Stoppage
from pdp.cases.queries import named_in_lists, reads_label, visible_to
from pdp.consent.enums import RecallState
from pdp.consent.models import Recall
from pdp.core import db
from pdp.dispositifs.enums import Dispositif
from pdp.documents.enums import ReviewState
from pdp.documents.models import Document
from pdp.measures.queries import last_days
from pdp.meetings.enums import ActionState, BallotStatus, MeetingStatus
from pdp.meetings.models import Action, AgendaItem, Ballot, BallotVoter, CelluleOpinion, Meeting
from pdp.meetings.queries import is_seance
from pdp.meetings.queries.decisions import DECIDABLE
from pdp.outcomes.models import RequestOutcome
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.masking import OrganisationFacts
from pdp.policy.permissions import Permission, can
from pdp.policy.roles import Role
from pdp.privacy import texts
from pdp.privacy.queries import notices
from pdp.privacy.rules.informing import Standing, newest, standing
from pdp.requests.enums import PieceState, RequestStatus
from pdp.requests.models import DispositifRequest, RequiredPiece
from pdp.requests.rules.workflow import OPEN

# Past this, a counter says « 99+ »: nobody needs an exact number, and nothing is counted in full.
CEILING = 100
HORIZON = timedelta(days=30)
ROWS = 12

_PENDING = (RequestStatus.DRAFT, RequestStatus.READY, RequestStatus.SCHEDULED, RequestStatus.ADJOURNED)
# A séance that is still to be held, or under way.
_COMING = (MeetingStatus.PLANNED, MeetingStatus.OPEN)
_NOT_THERE = (PieceState.MISSING, PieceState.ABSENT)
_AWAITS_OUTCOME = (RequestStatus.DECIDED, RequestStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many things wait; each stops at `CEILING`."""

    triage: int
    cases: int
    pieces: int
    backlog: int
    ballots: int
    decisions: int
    outcomes: int
    actions: int
    recalls: int


@dataclass(frozen=True, slots=True)
class Subject:
    """The case a deadline is about, as the list names it."""

    public_id: str
    reference: str
    # The full name where the identity may be read, the initials elsewhere.
    name: str


@dataclass(frozen=True, slots=True)
class PieceDue:
    """A missing agreement or document of a request put on an agenda."""

    case: Subject
    request_id: str
    dispositif: Dispositif
    kind: str
    asked_on: date | None
    meeting_at: datetime


@dataclass(frozen=True, slots=True)
class StoppageEnd:
    """An arrêt that ends soon while a request is still undecided."""

    case: Subject
    ends_on: date


@dataclass(frozen=True, slots=True)
class NoticeDue:
    """A person to give the information notice to."""

    case: Subject
    standing: Standing


@dataclass(frozen=True, slots=True)
class ActionDue:
    """A thing to do before a date."""

    case: Subject
    action_id: str
    text: str
    due_on: date
    owner: str


@dataclass(frozen=True, slots=True)
class PiecesToReview:
    """Pieces that partners propose for a case, and that its referent has not examined yet."""

    case: Subject
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class ProposalToAnswer:
    """A request that a partner proposes, and that whoever answers for the case has not answered yet."""

    case: Subject
    request_id: str
    dispositif: Dispositif
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class MeasureEnd:
    """A measure under way whose last planned day comes, or that was interrupted, and that has no report yet."""

    case: Subject
    request_id: str
    dispositif: Dispositif
    ends_on: date


@dataclass(frozen=True, slots=True)
class AdviceAwaited:
    """A question put to an organisation, without an answer yet."""

    case: Subject
    request_id: str
    dispositif: Dispositif
    due_on: date
    asked_at: datetime
    organisation: OrganisationFacts


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """The next séance that the person may open."""

    public_id: str
    starts_at: datetime
    ends_at: datetime
    place: str
    status: MeetingStatus
    items: int


def count_work(
    actor: Actor, today: date, registers: Sequence[Select[int, datetime]]
) -> tuple[Counts, list[tuple[int, datetime | None]]]:
    """Count what waits for the actor, in one statement; the second value answers each register, in its order."""
    mine = visible_to(actor, today)
    asked, agreed = _asked(actor, today), reads_label(actor, Label.AGREEMENTS, today)
    missing = exists().where(RequiredPiece.request_id == DispositifRequest.id, RequiredPiece.state.in_(_NOT_THERE))
    counted = select(
        _capped(select(Case.id).where(reads_label(actor, Label.SIGNAL, today), Case.stage == Stage.TRIAGE)),
        _capped(select(Case.id).where(mine, Case.stage == Stage.OPEN)),
        _capped(_requests(agreed, _PENDING).where(missing)),
        _capped(_requests(asked, (RequestStatus.READY, RequestStatus.ADJOURNED))),
        _capped(_open_ballots(actor, asked)),
        _capped(_awaiting_decision(reads_label(actor, Label.DECISION, today))),
        _capped(_awaiting_outcome(reads_label(actor, Label.OUTCOME, today), today)),
        _capped(_actions(actor, asked).with_only_columns(Action.id)),
        _capped(_recalls(actor)),
    )
    row = db.session().execute(_beside(counted, registers)).one()
    found = list(row[len(fields(Counts)) :])
    return Counts(*row[: len(fields(Counts))]), list(zip(found[::2], found[1::2], strict=True))


def _beside(counted: Select[*tuple[Any, ...]], registers: Sequence[Select[int, datetime]]) -> Select[Any]:
    """Put the one row of each register beside the one row of the counts."""
    answers = [register.subquery() for register in registers]
    if not answers:
        return counted
    joined: FromClause = answers[0]
    for answer in answers[1:]:
        joined = joined.join(answer, true())
    return counted.select_from(joined).add_columns(*(column for answer in answers for column in answer.c))


def list_pieces_due(actor: Actor, today: date) -> Sequence[PieceDue]:
    """Return missing pieces of requests on the agenda of a coming séance, nearest first."""
    rows = db.session().execute(
        select(*_subject(actor, today), DispositifRequest.public_id, DispositifRequest.dispositif, RequiredPiece.kind)
        .add_columns(RequiredPiece.asked_on, Meeting.starts_at)
        .join(DispositifRequest, DispositifRequest.id == RequiredPiece.request_id)
        .join(Case, Case.id == DispositifRequest.case_id)
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .join(AgendaItem, AgendaItem.request_id == DispositifRequest.id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(_asked(actor, today), reads_label(actor, Label.AGREEMENTS, today), RequiredPiece.state.in_(_NOT_THERE))
        .where(is_seance(), Meeting.status.in_(_COMING), DispositifRequest.status == RequestStatus.SCHEDULED)
        .order_by(Meeting.starts_at, DispositifRequest.id, RequiredPiece.position)
        .limit(ROWS)
    )
    return [PieceDue(_named(*row[:5]), *row[5:]) for row in rows]


def list_stoppage_ends(actor: Actor, today: date) -> Sequence[StoppageEnd]:
    """Return cases with an undecided request whose arrêt ends within a month, nearest first."""
    ends_on = func.max(Stoppage.prescribed_end)
    undecided = exists().where(
        DispositifRequest.case_id == Case.id, DispositifRequest.status.in_((*_PENDING, RequestStatus.OPINION_GIVEN))
    )
    rows = db.session().execute(
        select(*_subject(actor, today), ends_on)
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .join(Stoppage, Stoppage.case_id == Case.id)
        .where(_asked(actor, today), reads_label(actor, Label.STOPPAGE, today), Case.stage == Stage.OPEN, undecided)
        .group_by(Case.id, InsuredPerson.id)
        .having(ends_on.between(today, today + HORIZON))
        .order_by(ends_on, Case.reference)
        .limit(ROWS)
    )
    return [StoppageEnd(_named(*row[:5]), row[5]) for row in rows]


def list_actions_due(actor: Actor, today: date) -> Sequence[ActionDue]:
    """Return the open actions of the actor's organisation (all of the cellule for its coordinator)."""
    rows = db.session().execute(
        _actions(actor, _asked(actor, today))
        .with_only_columns(
            *_subject(actor, today), Action.public_id, Action.text, Action.due_on, Organisation.short_name
        )
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .join(Organisation, Organisation.id == Action.owner_organisation_id)
        .order_by(Action.due_on, Action.id)
        .limit(ROWS)
    )
    return [ActionDue(_named(*row[:5]), *row[5:]) for row in rows]


def list_pieces_to_review(actor: Actor, today: date) -> Sequence[PiecesToReview]:
    """Return the cases whose referent the actor is, or stands for, with pieces to examine; oldest first."""
    if not can(actor, Permission.DOCUMENT_REVIEW) or actor.in_emergency:
        return ()
    oldest = func.min(Document.added_at)
    rows = db.session().execute(
        select(*_subject(actor, today), func.count(), oldest)
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .join(Document, (Document.case_id == Case.id) & (Document.cellule_id == Case.cellule_id))
        .where(visible_to(actor, today), _answers_for(actor), Case.stage.not_in((Stage.CLOSED, Stage.REORIENTED)))
        .where(Document.review == ReviewState.PROPOSED, Document.withdrawn_at.is_(None))
        .group_by(Case.id, InsuredPerson.id)
        .order_by(oldest, Case.reference)
        .limit(ROWS)
    )
    return [PiecesToReview(_named(*row[:5]), row[5], row[6]) for row in rows]


def list_proposals(actor: Actor, today: date) -> Sequence[ProposalToAnswer]:
    """Return the proposals of partners that await the actor's answer, oldest first."""
    if not can(actor, Permission.CASE_ASSIGN) or actor.in_emergency:
        return ()
    rows = db.session().execute(
        select(*_subject(actor, today), DispositifRequest.public_id, DispositifRequest.dispositif)
        .add_columns(DispositifRequest.created_at)
        .join(DispositifRequest, DispositifRequest.case_id == Case.id)
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .where(_asked(actor, today), _answers_for(actor), Case.stage == Stage.OPEN)
        .where(DispositifRequest.status == RequestStatus.PROPOSED)
        .order_by(DispositifRequest.created_at, DispositifRequest.id)
        .limit(ROWS)
    )
    return [ProposalToAnswer(_named(*row[:5]), *row[5:]) for row in rows]


def list_measure_ends(actor: Actor, today: date) -> Sequence[MeasureEnd]:
    """Return the measures of cases that the actor answers for which come to their end within a month."""
    if not can(actor, Permission.CASE_ASSIGN) or actor.in_emergency:
        return ()
    end = last_days(actor.cellule_id).subquery()
    rows = db.session().execute(
        select(*_subject(actor, today), DispositifRequest.public_id, DispositifRequest.dispositif, end.c.day)
        .join(DispositifRequest, DispositifRequest.case_id == Case.id)
        .join(end, end.c.request_id == DispositifRequest.id)
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .where(_asked(actor, today), reads_label(actor, Label.OUTCOME, today), _answers_for(actor))
        .where(Case.stage == Stage.OPEN, DispositifRequest.status == RequestStatus.RUNNING)
        .where(end.c.day <= today + HORIZON)
        .order_by(end.c.day, DispositifRequest.id)
        .limit(ROWS)
    )
    return [MeasureEnd(_named(*row[:5]), row[5], row[6], row[7]) for row in rows]


def list_advice_awaited(actor: Actor, today: date) -> Sequence[AdviceAwaited]:
    """Return the unanswered questions that the actor put, or that concern a case it answers for; nearest first."""
    if not can(actor, Permission.ADVICE_ASK) or actor.in_emergency:
        return ()
    rows = db.session().execute(
        select(*_subject(actor, today), DispositifRequest.public_id, DispositifRequest.dispositif)
        .add_columns(AdviceRound.due_on, AdviceRound.asked_at, Organisation.id, Organisation.short_name)
        .add_columns(Organisation.sensitive)
        .join(AdviceRound, AdviceRound.case_id == Case.id)
        .join(AdviceAsk, AdviceAsk.round_id == AdviceRound.id)
        .join(Organisation, Organisation.id == AdviceAsk.organisation_id)
        .join(DispositifRequest, DispositifRequest.id == AdviceRound.request_id)
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .where(_asked(actor, today), Case.stage == Stage.OPEN, DispositifRequest.status.in_(OPEN))
        .where(or_(AdviceRound.asked_by_id == actor.user_id, _answers_for(actor)))
        .where(AdviceAsk.revoked_at.is_(None), AdviceAsk.declined_at.is_(None))
        .where(~exists().where(AdviceReply.ask_id == AdviceAsk.id))
        .order_by(AdviceRound.due_on, AdviceAsk.id)
        .limit(ROWS)
    )
    return [
        AdviceAwaited(_named(*row[:5]), row[5], row[6], row[7], row[8], OrganisationFacts(*row[9:])) for row in rows
    ]


def list_notices_due(actor: Actor, today: date) -> Sequence[NoticeDue]:
    """Return the cases of a referent whose person is to be given the information notice, most urgent first."""
    if not can(actor, Permission.CASE_ASSIGN) or actor.in_emergency:
        return ()
    versions = texts.versions()
    candidates = notices.list_candidates(actor, today, newest(versions, today).code, CEILING, _subject(actor, today))
    found = [NoticeDue(_named(*each.beside), standing(each.facts, versions, today)) for each in candidates]
    due = [each for each in found if each.standing.is_awaited]
    return sorted(due, key=lambda each: (each.standing.due_on or today, each.case.reference))[:ROWS]


def _answers_for(actor: Actor) -> ColumnElement[bool]:
    """Return the filter over `Case` of those that the actor answers for: its own, or those of the team."""
    own: ColumnElement[bool] = Case.referent_user_id == actor.user_id
    if actor.role is Role.MANAGER:
        return true()
    return or_(own, Case.referent_user_id.is_(None)) if actor.role is Role.SERVICE_SOCIAL else own


def find_next_meeting(actor: Actor, today: date, now: datetime) -> NextMeeting | None:
    """Return the next séance not yet closed that holds a request the actor may read, or any for the core."""
    items = (
        select(func.count())
        .select_from(AgendaItem)
        .join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
        .join(Case, Case.id == DispositifRequest.case_id)
        .where(AgendaItem.meeting_id == Meeting.id, _asked(actor, today))
        .scalar_subquery()
    )
    found = select(
        Meeting.public_id, Meeting.starts_at, Meeting.ends_at, Meeting.place, Meeting.status, items.label("items")
    ).where(Meeting.cellule_id == actor.cellule_id, is_seance(), Meeting.status.in_(_COMING))
    if not actor.is_core:
        found = found.where(items > 0)
    row = db.session().execute(found.order_by(Meeting.starts_at, Meeting.id).limit(1)).one_or_none()
    return NextMeeting(*row) if row else None


def _asked(actor: Actor, today: date) -> ColumnElement[bool]:
    """Return the filter over `Case` of those whose requests the actor may read."""
    return reads_label(actor, Label.REQUEST, today)


def _subject(actor: Actor, today: date) -> tuple[Any, ...]:
    readable = named_in_lists(actor, today)
    return (Case.public_id, Case.reference, InsuredPerson.given_name, InsuredPerson.family_name, readable)


def _named(public_id: str, reference: str, given_name: str, family_name: str, readable: bool) -> Subject:
    name = f"{given_name} {family_name}" if readable else f"{given_name[:1]}. {family_name[:1]}."
    return Subject(public_id, reference, name)


def _requests(mine: ColumnElement[bool], statuses: Sequence[RequestStatus]) -> Select[Any]:
    return (
        select(DispositifRequest.id)
        .join(Case, Case.id == DispositifRequest.case_id)
        .where(mine, DispositifRequest.status.in_(statuses))
    )


def _awaiting_decision(mine: ColumnElement[bool]) -> Select[Any]:
    """Select what the list of decisions to record holds: a request without object awaits none."""
    decidable = exists().where(
        AgendaItem.request_id == DispositifRequest.id,
        CelluleOpinion.item_id == AgendaItem.id,
        CelluleOpinion.code.in_(DECIDABLE),
    )
    return _requests(mine, (RequestStatus.OPINION_GIVEN,)).where(decidable)


def _awaiting_outcome(mine: ColumnElement[bool], today: date) -> Select[Any]:
    recorded = exists().where(RequestOutcome.request_id == DispositifRequest.id)
    return _requests(mine, _AWAITS_OUTCOME).where(
        or_(DispositifRequest.measure_end.is_(None), DispositifRequest.measure_end < today), ~recorded
    )


def _open_ballots(actor: Actor, asked: ColumnElement[bool]) -> Select[Any]:
    ballots = (
        select(Ballot.id)
        .join(AgendaItem, AgendaItem.id == Ballot.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
        .join(Case, Case.id == DispositifRequest.case_id)
        .where(asked, Ballot.status == BallotStatus.OPEN, is_seance())
    )
    if actor.role is Role.COORDINATEUR:
        return ballots
    seated = exists().where(BallotVoter.ballot_id == Ballot.id, BallotVoter.membership_id == actor.membership_id)
    return ballots.where(seated)


def _actions(actor: Actor, mine: ColumnElement[bool]) -> Select[Any]:
    actions = select(Action).join(Case, Case.id == Action.case_id).where(mine, Action.state == ActionState.OPEN)
    if actor.role is Role.COORDINATEUR:
        return actions
    return actions.where(Action.owner_organisation_id == actor.organisation_id)


def _recalls(actor: Actor) -> Select[Any]:
    """Select what the actor's organisation is asked to destroy, whether or not it still sees a case."""
    return select(Recall.id).where(
        Recall.cellule_id == actor.cellule_id,
        Recall.organisation_id == actor.organisation_id,
        Recall.state == RecallState.ASKED,
    )


def _capped(query: Select[Any]) -> ColumnElement[int]:
    return select(func.count()).select_from(query.limit(CEILING).subquery()).scalar_subquery()
