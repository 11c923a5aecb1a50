"""What an opinion holds: its conditions, or what an adjournment waits for, and what of them moves a request."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from pdp.accounts.models import Organisation
from pdp.cases.models import Case
from pdp.cases.rules.workflow import ENDED
from pdp.core import clock, db
from pdp.meetings.enums import ActionKind, ActionState, OpinionCode, ReserveState
from pdp.meetings.models import Action, AgendaItem, CelluleOpinion
from pdp.meetings.queries.access import known
from pdp.meetings.queries.find import one
from pdp.meetings.rules.conditions import HELD_BY, sends_back, stand
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest

_LATER = aliased(AgendaItem)
_LATER_OPINION = aliased(CelluleOpinion)
# No later séance gave another opinion on the request.
_NEWEST = ~exists().where(
    _LATER.request_id == AgendaItem.request_id, _LATER.id > AgendaItem.id, _LATER_OPINION.item_id == _LATER.id
)


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A condition, or a thing awaited, as pages show it. `owner` is a short name; `returned_on`: it sent back."""

    action: str
    text: str
    owner: str
    due_on: date
    state: ActionState
    note: str
    done_on: date | None
    returned_on: date | None
    sends_back: bool


@dataclass(frozen=True, slots=True)
class Held:
    """What the newest opinion on a request holds, and where it stands; `since` is the day the last one was brought."""

    kind: ActionKind
    state: ReserveState
    rows: tuple[HeldRow, ...]

    @property
    def since(self) -> date | None:
        """Return the day of the last thing done or said."""
        return max((row.done_on for row in self.rows if row.done_on), default=None)

    @property
    def returning(self) -> tuple[HeldRow, ...]:
        """Return what sent the request back to those to be scheduled."""
        return tuple(row for row in self.rows if row.returned_on or row.sends_back)


def list_held(cellule_id: int, request_ids: Collection[int]) -> Mapping[int, Held]:
    """Return what the newest opinion on each request holds, in one statement; nothing for an opinion without."""
    rows = db.session().execute(
        select(AgendaItem.request_id, Action, Organisation.short_name)
        .select_from(Action)
        .join(AgendaItem, _of_item())
        .join(CelluleOpinion, CelluleOpinion.item_id == AgendaItem.id)
        .join(Organisation, Organisation.id == Action.owner_organisation_id)
        .where(Action.cellule_id == cellule_id, AgendaItem.request_id.in_(request_ids), _NEWEST)
        .where(or_(*(and_(CelluleOpinion.code == code, Action.kind == kind) for code, kind in HELD_BY.items())))
        .order_by(Action.due_on, Action.id)
    )
    found: dict[int, list[tuple[Action, str]]] = {}
    for request_id, action, owner in rows:
        found.setdefault(request_id, []).append((action, owner))
    held = {key: _held(actions) for key, actions in found.items()}
    return {key: each for key, each in held.items() if each is not None}


def lock_request_of(actor: Actor, public_id: str) -> DispositifRequest:
    """Return the request that a thing to do is about, locked, with its case: before the thing itself is locked."""
    return one(
        select(DispositifRequest)
        .join(AgendaItem, AgendaItem.request_id == DispositifRequest.id)
        .join(Action, _of_item())
        .join(DispositifRequest.case)
        .options(contains_eager(DispositifRequest.case))
        .where(Action.cellule_id == actor.cellule_id, Action.public_id == public_id, known(actor))
        .with_for_update(of=DispositifRequest)
        .execution_options(populate_existing=True)
    )


def list_of_item(cellule_id: int, item_id: int, kind: ActionKind) -> Sequence[Action]:
    """Return the things of a kind that an item holds, in the order in which they were said."""
    wanted = select(Action).where(Action.cellule_id == cellule_id, Action.item_id == item_id, Action.kind == kind)
    return db.session().scalars(wanted.order_by(Action.id).execution_options(populate_existing=True)).all()


def holds_still(cellule_id: int, item_id: int, kind: ActionKind) -> bool:
    """Tell whether the opinion of an item is the newest on its request, and of the code that holds this kind."""
    codes = [code for code, held in HELD_BY.items() if held is kind]
    wanted = (
        select(CelluleOpinion.id)
        .join(AgendaItem, AgendaItem.id == CelluleOpinion.item_id)
        .where(AgendaItem.cellule_id == cellule_id, AgendaItem.id == item_id, CelluleOpinion.code.in_(codes), _NEWEST)
    )
    return db.session().scalar(wanted) is not None


def list_to_send_back(cellule_id: int, today: date) -> Sequence[int]:
    """Return the requests whose newest opinion has a condition not met, or over, and that nobody decided on yet."""
    wanted = (
        select(DispositifRequest.id)
        .join(AgendaItem, AgendaItem.request_id == DispositifRequest.id)
        .join(Action, _of_item())
        .join(CelluleOpinion, CelluleOpinion.item_id == AgendaItem.id)
        .join(DispositifRequest.case)
        .where(DispositifRequest.cellule_id == cellule_id, DispositifRequest.status == RequestStatus.OPINION_GIVEN)
        .where(Case.stage.not_in(ENDED), Case.frozen_on.is_(None), _NEWEST)
        .where(CelluleOpinion.code == OpinionCode.FAVOURABLE_WITH_CONDITIONS, Action.kind == ActionKind.CONDITION)
        .where(or_(Action.state == ActionState.UNMET, and_(Action.state == ActionState.OPEN, Action.due_on < today)))
        .order_by(DispositifRequest.id)
    )
    return list(dict.fromkeys(db.session().scalars(wanted)))


def lock_request_with_held(request_id: int) -> tuple[DispositifRequest, Sequence[Action]]:
    """Return a request, locked, with its case, and the conditions of its newest opinion."""
    request = one(
        select(DispositifRequest)
        .join(DispositifRequest.case)
        .options(contains_eager(DispositifRequest.case))
        .where(DispositifRequest.id == request_id)
        .with_for_update(of=DispositifRequest)
        .execution_options(populate_existing=True)
    )
    conditions = (
        select(Action)
        .join(AgendaItem, _of_item())
        .where(AgendaItem.request_id == request_id, Action.kind == ActionKind.CONDITION, _NEWEST)
        .order_by(Action.id)
        .execution_options(populate_existing=True)
    )
    return request, db.session().scalars(conditions).all()


def list_late(cellule_id: int, due_until: date) -> Sequence[Action]:
    """Return the things to do whose date is long over, locked, with their owner; nothing of a case that ended."""
    return (
        db.session()
        .scalars(
            select(Action)
            .join(Case, and_(Case.cellule_id == Action.cellule_id, Case.id == Action.case_id))
            .options(joinedload(Action.owner, innerjoin=True))
            .where(Action.cellule_id == cellule_id, Action.state == ActionState.OPEN, Action.due_on <= due_until)
            .where(Case.stage.not_in(ENDED), Case.frozen_on.is_(None))
            .order_by(Action.id)
            .with_for_update(of=Action)
            .execution_options(populate_existing=True)
        )
        .all()
    )


def _of_item() -> ColumnElement[bool]:
    return and_(AgendaItem.cellule_id == Action.cellule_id, AgendaItem.id == Action.item_id)


def _held(actions: Sequence[tuple[Action, str]]) -> Held | None:
    state = stand([action.state for action, _ in actions])
    if state is None:
        return None
    today = clock.today()
    rows = tuple(
        HeldRow(
            action=action.public_id,
            text=action.text,
            owner=owner,
            due_on=action.due_on,
            state=action.state,
            note=action.note,
            done_on=action.done_on,
            returned_on=action.returned_on,
            sends_back=action.kind is ActionKind.CONDITION and sends_back(action.state, action.due_on, today),
        )
        for action, owner in actions
        if action.state is not ActionState.DROPPED
    )
    return Held(actions[0][0].kind, state, rows)
