"""Reads of requests for recovery. Each says what it loads: the person, the role, and who vouched."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from pdp.accounts.models import Membership, User
from pdp.accounts.queries import membership_holds
from pdp.core import db
from pdp.core.errors import NotFound
from pdp.factors.models.recovery import FactorRecovery, FactorVouching
from pdp.policy.actor import Actor

SHOWN = 50


def find_live(actor: Actor, *, lock: bool = False) -> FactorRecovery | None:
    """Return the request of a person that nobody ended, expired or not."""
    wanted = _whole().where(
        FactorRecovery.cellule_id == actor.cellule_id,
        FactorRecovery.user_id == actor.user_id,
        FactorRecovery.ended_at.is_(None),
    )
    return db.session().scalars(_locked(wanted) if lock else wanted).one_or_none()


def get_request(actor: Actor, public_id: str, *, lock: bool = False) -> FactorRecovery:
    """Return a request of the actor's cellule. Raises `NotFound`."""
    wanted = _whole().where(FactorRecovery.cellule_id == actor.cellule_id, FactorRecovery.public_id == public_id)
    found = db.session().scalars(_locked(wanted) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_requests(actor: Actor, since: datetime) -> Sequence[FactorRecovery]:
    """Return the newest requests of the actor's cellule: those under way first."""
    wanted = (
        _whole()
        .where(FactorRecovery.cellule_id == actor.cellule_id, FactorRecovery.asked_at >= since)
        .order_by(FactorRecovery.ended_at.is_not(None), FactorRecovery.asked_at.desc(), FactorRecovery.id.desc())
        .limit(SHOWN)
    )
    return db.session().scalars(wanted).all()


def count_since(user_id: int, since: datetime) -> int:
    """Count the requests of a person since an instant, whatever became of them."""
    asked = select(func.count()).where(FactorRecovery.user_id == user_id, FactorRecovery.asked_at >= since)
    return db.session().scalar(asked) or 0


def has_lost_a_word(recovery: FactorRecovery, day: date) -> bool:
    """Tell whether a person who vouched no longer has, on `day`, the access in which they did."""
    holders = select(Membership.user_id, Membership.role, Membership.organisation_id).join(Membership.user)
    held = holders.where(
        Membership.cellule_id == recovery.cellule_id, User.disabled_at.is_(None), *membership_holds(day)
    )
    words = {(one.voucher_id, one.voucher_role, one.voucher_organisation_id) for one in recovery.vouchings}
    return not words <= {tuple(row) for row in db.session().execute(held)}


def _whole() -> Select[FactorRecovery]:
    return select(FactorRecovery).options(
        joinedload(FactorRecovery.user),
        joinedload(FactorRecovery.organisation),
        joinedload(FactorRecovery.membership).joinedload(Membership.organisation),
        selectinload(FactorRecovery.vouchings).joinedload(FactorVouching.voucher),
    )


def _locked(wanted: Select[FactorRecovery]) -> Select[FactorRecovery]:
    return wanted.with_for_update(of=FactorRecovery).execution_options(populate_existing=True)
