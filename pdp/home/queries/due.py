"""What a person must do before a date."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, func, or_, select

from pdp.accounts.models import Organisation
from pdp.advice.models import AdviceAsk, AdviceReply, AdviceRound
from pdp.cases.enums import Stage
from pdp.cases.models import Case, InsuredPerson, Stoppage
from pdp.cases.queries import reads_label, visible_to
from pdp.core import db
from pdp.documents.enums import ReviewState
from pdp.documents.models import Document
from pdp.home.queries.common import (
    CEILING,
    COMING,
    HORIZON,
    NOT_THERE,
    PENDING,
    ROWS,
    answers_for,
    named,
    open_actions,
    reads_requests,
    subject_of,
)
from pdp.home.queries.rows import (
    ActionDue,
    AdviceAwaited,
    MeasureEnd,
    NoticeDue,
    PieceDue,
    PiecesToReview,
    ProposalToAnswer,
    StoppageEnd,
)
from pdp.measures.queries import last_days
from pdp.meetings.models import Action, AgendaItem, Meeting
from pdp.meetings.queries import is_seance
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.masking import OrganisationFacts
from pdp.policy.permissions import Permission, can
from pdp.privacy import texts
from pdp.privacy.queries import notices
from pdp.privacy.rules.informing import newest, standing
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest, RequiredPiece
from pdp.requests.rules.workflow import OPEN


def list_pieces_due(actor: Actor, today: date) -> Sequence[PieceDue]:
    """Return missing pieces of requests on the agenda of a coming séance, nearest first."""
    rows = db.session().execute(
        select(
            *subject_of(actor, today), DispositifRequest.public_id, DispositifRequest.dispositif, RequiredPiece.kind
        )
        .add_columns(RequiredPiece.asked_on, Meeting.starts_at)
        .join(DispositifRequest, DispositifRequest.id == RequiredPiece.request_id)
        .join(Case, Case.id == DispositifRequest.case_id)
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .join(AgendaItem, AgendaItem.request_id == DispositifRequest.id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            reads_requests(actor, today),
            reads_label(actor, Label.AGREEMENTS, today),
            RequiredPiece.state.in_(NOT_THERE),
        )
        .where(is_seance(), Meeting.status.in_(COMING), DispositifRequest.status == RequestStatus.SCHEDULED)
        .order_by(Meeting.starts_at, DispositifRequest.id, RequiredPiece.position)
        .limit(ROWS)
    )
    return [PieceDue(named(*row[:5]), *row[5:]) for row in rows]


def list_stoppage_ends(actor: Actor, today: date) -> Sequence[StoppageEnd]:
    """Return cases with an undecided request whose arrêt ends within a month, nearest first."""
    ends_on = func.max(Stoppage.prescribed_end)
    undecided = exists().where(
        DispositifRequest.case_id == Case.id, DispositifRequest.status.in_((*PENDING, RequestStatus.OPINION_GIVEN))
    )
    rows = db.session().execute(
        select(*subject_of(actor, today), ends_on)
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .join(Stoppage, Stoppage.case_id == Case.id)
        .where(
            reads_requests(actor, today),
            reads_label(actor, Label.STOPPAGE, today),
            Case.stage == Stage.OPEN,
            undecided,
        )
        .group_by(Case.id, InsuredPerson.id)
        .having(ends_on.between(today, today + HORIZON))
        .order_by(ends_on, Case.reference)
        .limit(ROWS)
    )
    return [StoppageEnd(named(*row[:5]), row[5]) for row in rows]


def list_actions_due(actor: Actor, today: date) -> Sequence[ActionDue]:
    """Return the open actions of the actor's organisation (all of the cellule for its coordinator)."""
    rows = db.session().execute(
        open_actions(actor, reads_requests(actor, today))
        .with_only_columns(
            *subject_of(actor, today), Action.public_id, Action.text, Action.due_on, Organisation.short_name
        )
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .join(Organisation, Organisation.id == Action.owner_organisation_id)
        .order_by(Action.due_on, Action.id)
        .limit(ROWS)
    )
    return [ActionDue(named(*row[:5]), *row[5:]) for row in rows]


def list_pieces_to_review(actor: Actor, today: date) -> Sequence[PiecesToReview]:
    """Return the cases whose referent the actor is, or stands for, with pieces to examine; oldest first."""
    if not can(actor, Permission.DOCUMENT_REVIEW) or actor.in_emergency:
        return ()
    oldest = func.min(Document.added_at)
    rows = db.session().execute(
        select(*subject_of(actor, today), func.count(), oldest)
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .join(Document, (Document.case_id == Case.id) & (Document.cellule_id == Case.cellule_id))
        .where(visible_to(actor, today), answers_for(actor), Case.stage.not_in((Stage.CLOSED, Stage.REORIENTED)))
        .where(Document.review == ReviewState.PROPOSED, Document.withdrawn_at.is_(None))
        .group_by(Case.id, InsuredPerson.id)
        .order_by(oldest, Case.reference)
        .limit(ROWS)
    )
    return [PiecesToReview(named(*row[:5]), row[5], row[6]) for row in rows]


def list_proposals(actor: Actor, today: date) -> Sequence[ProposalToAnswer]:
    """Return the proposals of partners that await the actor's answer, oldest first."""
    if not can(actor, Permission.CASE_ASSIGN) or actor.in_emergency:
        return ()
    rows = db.session().execute(
        select(*subject_of(actor, today), DispositifRequest.public_id, DispositifRequest.dispositif)
        .add_columns(DispositifRequest.created_at)
        .join(DispositifRequest, DispositifRequest.case_id == Case.id)
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .where(reads_requests(actor, today), answers_for(actor), Case.stage == Stage.OPEN)
        .where(DispositifRequest.status == RequestStatus.PROPOSED)
        .order_by(DispositifRequest.created_at, DispositifRequest.id)
        .limit(ROWS)
    )
    return [ProposalToAnswer(named(*row[:5]), *row[5:]) for row in rows]


def list_measure_ends(actor: Actor, today: date) -> Sequence[MeasureEnd]:
    """Return the measures of cases that the actor answers for which come to their end within a month."""
    if not can(actor, Permission.CASE_ASSIGN) or actor.in_emergency:
        return ()
    end = last_days(actor.cellule_id).subquery()
    rows = db.session().execute(
        select(*subject_of(actor, today), DispositifRequest.public_id, DispositifRequest.dispositif, end.c.day)
        .join(DispositifRequest, DispositifRequest.case_id == Case.id)
        .join(end, end.c.request_id == DispositifRequest.id)
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .where(reads_requests(actor, today), reads_label(actor, Label.OUTCOME, today), answers_for(actor))
        .where(Case.stage == Stage.OPEN, DispositifRequest.status == RequestStatus.RUNNING)
        .where(end.c.day <= today + HORIZON)
        .order_by(end.c.day, DispositifRequest.id)
        .limit(ROWS)
    )
    return [MeasureEnd(named(*row[:5]), row[5], row[6], row[7]) for row in rows]


def list_advice_awaited(actor: Actor, today: date) -> Sequence[AdviceAwaited]:
    """Return the unanswered questions that the actor put, or that concern a case it answers for; nearest first."""
    if not can(actor, Permission.ADVICE_ASK) or actor.in_emergency:
        return ()
    rows = db.session().execute(
        select(*subject_of(actor, today), DispositifRequest.public_id, DispositifRequest.dispositif)
        .add_columns(AdviceRound.due_on, AdviceRound.asked_at, Organisation.id, Organisation.short_name)
        .add_columns(Organisation.sensitive)
        .join(AdviceRound, AdviceRound.case_id == Case.id)
        .join(AdviceAsk, AdviceAsk.round_id == AdviceRound.id)
        .join(Organisation, Organisation.id == AdviceAsk.organisation_id)
        .join(DispositifRequest, DispositifRequest.id == AdviceRound.request_id)
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .where(reads_requests(actor, today), Case.stage == Stage.OPEN, DispositifRequest.status.in_(OPEN))
        .where(or_(AdviceRound.asked_by_id == actor.user_id, answers_for(actor)))
        .where(AdviceAsk.revoked_at.is_(None), AdviceAsk.declined_at.is_(None))
        .where(~exists().where(AdviceReply.ask_id == AdviceAsk.id))
        .order_by(AdviceRound.due_on, AdviceAsk.id)
        .limit(ROWS)
    )
    return [
        AdviceAwaited(named(*row[:5]), row[5], row[6], row[7], row[8], OrganisationFacts(*row[9:])) for row in rows
    ]


def list_notices_due(actor: Actor, today: date) -> Sequence[NoticeDue]:
    """Return the cases of a referent whose person is to be given the information notice, most urgent first."""
    if not can(actor, Permission.CASE_ASSIGN) or actor.in_emergency:
        return ()
    versions = texts.versions()
    candidates = notices.list_candidates(actor, today, newest(versions, today).code, CEILING, subject_of(actor, today))
    found = [NoticeDue(named(*each.beside), standing(each.facts, versions, today)) for each in candidates]
    due = [each for each in found if each.standing.is_awaited]
    return sorted(due, key=lambda each: (each.standing.due_on or today, each.case.reference))[:ROWS]
