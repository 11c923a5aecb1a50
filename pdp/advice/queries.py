"""Reads of opinions asked. Everything hangs on a request that the actor may read: hidden is missing."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload, selectinload

from pdp.advice.models import AdviceAsk, AdvicePiece, AdviceReply, AdviceRound
from pdp.cases.models import Case, InsuredPerson
from pdp.cases.queries import named_in_lists, reads_label
from pdp.consent.models import SharingAgreement
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests.models import DispositifRequest

MOST = 50


def list_rounds(request: DispositifRequest) -> Sequence[AdviceRound]:
    """Return the rounds of a request, newest first, whole: in five statements, whatever their number."""
    return list_rounds_about(request.cellule_id, [request.id])


def list_rounds_about(cellule_id: int, request_ids: Collection[int]) -> Sequence[AdviceRound]:
    """Return the rounds of several requests, newest first, whole: in five statements, whatever their number."""
    return (
        db.session()
        .scalars(
            select(AdviceRound)
            .options(*_whole())
            .where(AdviceRound.cellule_id == cellule_id, AdviceRound.request_id.in_(request_ids))
            .order_by(AdviceRound.id.desc())
            .execution_options(populate_existing=True)
        )
        .all()
    )


def get_round(actor: Actor, public_id: str, *, lock: bool = False) -> AdviceRound:
    """Return a round of a request that the actor may read, whole. Raises `NotFound`."""
    return _round(select(AdviceRound.id).where(AdviceRound.public_id == public_id), actor, lock=lock)


def get_round_of_ask(actor: Actor, ask_id: str, *, lock: bool = False) -> tuple[AdviceRound, AdviceAsk]:
    """Return the round of a question put to an organisation, and that question. Raises `NotFound`.

    `lock` keeps the other organisations of the round out until the end of the transaction.
    """
    found = _round(select(AdviceAsk.round_id).where(AdviceAsk.public_id == ask_id), actor, lock=lock)
    return found, next(ask for ask in found.asks if ask.public_id == ask_id)


def _round(key: Select[Any], actor: Actor, *, lock: bool) -> AdviceRound:
    wanted = (
        select(AdviceRound)
        .join(Case, (Case.cellule_id == AdviceRound.cellule_id) & (Case.id == AdviceRound.case_id))
        .where(AdviceRound.id.in_(key), reads_label(actor, Label.REQUEST, clock.today()))
    )
    if actor.is_partner:
        own = AdviceAsk.organisation_id == actor.organisation_id
        wanted = wanted.where(
            exists().where(AdviceAsk.round_id == AdviceRound.id, own, AdviceAsk.revoked_at.is_(None))
        )
    if lock:
        db.session().scalars(wanted.with_for_update(of=AdviceRound)).one_or_none()
    found = (
        db.session()
        .scalars(wanted.options(*_whole()).execution_options(populate_existing=True))
        .unique()
        .one_or_none()
    )
    if found is None:
        raise NotFound
    return found


def list_standing(actor: Actor, request: DispositifRequest) -> list[tuple[Any, ...]]:
    """Return, for each question not taken back: day, instant asked, whether declined, whether answered.

    A partner gets its own only. One statement.
    """
    replied = exists().where(AdviceReply.ask_id == AdviceAsk.id)
    wanted = (
        select(AdviceRound.due_on, AdviceRound.asked_at, AdviceAsk.declined_at.is_not(None), replied)
        .join(AdviceAsk, AdviceAsk.round_id == AdviceRound.id)
        .where(AdviceRound.cellule_id == request.cellule_id, AdviceRound.request_id == request.id)
        .where(AdviceAsk.revoked_at.is_(None))
        .order_by(AdviceRound.id)
    )
    if not actor.is_core:
        wanted = wanted.where(AdviceAsk.organisation_id == actor.organisation_id)
    return [tuple(row) for row in db.session().execute(wanted)]


def list_expected(actor: Actor) -> list[tuple[Any, ...]]:
    """Return the questions that await the actor's organisation, the nearest day first, with their cases."""
    today = clock.today()
    answered = exists().where(AdviceReply.ask_id == AdviceAsk.id)
    rows = db.session().execute(
        select(
            AdviceAsk.public_id,
            AdviceRound.due_on,
            AdviceRound.asked_at,
            DispositifRequest.dispositif,
            Case.public_id,
            Case.reference,
            InsuredPerson.given_name,
            InsuredPerson.family_name,
            named_in_lists(actor, today),
        )
        .join(AdviceRound, AdviceRound.id == AdviceAsk.round_id)
        .join(DispositifRequest, DispositifRequest.id == AdviceRound.request_id)
        .join(Case, (Case.cellule_id == AdviceAsk.cellule_id) & (Case.id == AdviceAsk.case_id))
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .where(
            AdviceAsk.organisation_id == actor.organisation_id,
            AdviceAsk.cellule_id == actor.cellule_id,
            AdviceAsk.revoked_at.is_(None),
            AdviceAsk.declined_at.is_(None),
            ~answered,
            reads_label(actor, Label.REQUEST, today),
        )
        .order_by(AdviceRound.due_on, AdviceAsk.id)
        .limit(MOST)
    )
    return [tuple(row) for row in rows]


def _whole() -> tuple[Any, ...]:
    case = joinedload(AdviceRound.request).joinedload(DispositifRequest.case)
    return (
        case.joinedload(Case.person),
        case.selectinload(Case.agreements).joinedload(SharingAgreement.organisation),
        joinedload(AdviceRound.asked_by),
        selectinload(AdviceRound.asks).options(
            joinedload(AdviceAsk.organisation), selectinload(AdviceAsk.replies).joinedload(AdviceReply.replied_by)
        ),
        selectinload(AdviceRound.pieces).joinedload(AdvicePiece.document),
    )
