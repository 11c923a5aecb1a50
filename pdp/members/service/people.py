"""Who has an access to the cellule; take one away, give it back, close an account, open it again."""

from dataclasses import dataclass
from datetime import date

from pdp.accounts import service as accounts
from pdp.accounts.enums import ClosingReason
from pdp.accounts.models import Membership
from pdp.accounts.queries import lock_cellule
from pdp.accounts.rules import holds_on
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import NotFound, RuleViolation
from pdp.members import queries, rules
from pdp.members.rules import AccessFacts
from pdp.policy import masking
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can, ensure


@dataclass(frozen=True, slots=True)
class Access:
    """A person through one membership, as the reader may know it."""

    public_id: str
    person_id: str
    name: str
    # The role first, then the job and the functions that it does not say already.
    words: tuple[str, ...]
    organisation: str
    since: date
    last_used: date | None
    ended_on: date | None
    closed: ClosingReason | None
    dormant: bool
    is_self: bool


@dataclass(frozen=True, slots=True)
class Accesses:
    """The page of a cellule's accesses."""

    open: tuple[Access, ...]
    closed: tuple[Access, ...]
    ended: tuple[Access, ...]
    may_end: bool
    may_close: bool


def read_accesses(actor: Actor) -> Accesses:
    """Return who has an access to the cellule, which accounts are closed, which accesses ended lately."""
    ensure(actor, Permission.MEMBER_READ)
    today = clock.today()
    with db.transaction(actor):
        rows = queries.list_accesses(actor.cellule_id, today - rules.MAY_COME_BACK)
        # By the name that is shown: the order says nothing of a body that is not named.
        found = sorted((_access(actor, row) for row in rows), key=lambda access: access.organisation.casefold())
        audit.record(actor, "members.read", count=len(found))
    return Accesses(
        open=tuple(each for each in found if each.ended_on is None and each.closed is None),
        closed=tuple(each for each in found if each.ended_on is None and each.closed is not None),
        ended=tuple(each for each in found if each.ended_on is not None),
        may_end=can(actor, Permission.MEMBER_END),
        may_close=can(actor, Permission.ACCOUNT_CLOSE),
    )


def read_access(actor: Actor, public_id: str) -> Access:
    """Return one access before something is done to it. Raises `NotFound`."""
    ensure(actor, Permission.MEMBER_READ)
    with db.transaction(actor):
        found = _access(actor, queries.lock_access(actor, public_id))
        audit.record(actor, "members.read", count=1)
    return found


def take_away(actor: Actor, public_id: str, *, reason: ClosingReason) -> None:
    """End an access to the cellule: it opens nothing from the next request on, in every process.

    Raises `NotFound`, `RuleViolation` for one's own access or the last of a role that the cellule needs.
    """
    ensure(actor, Permission.MEMBER_END)
    with db.transaction(actor):
        lock_cellule(actor.cellule_id)
        membership = _held(actor, public_id)
        others = queries.count_others_of_role(membership, clock.today())
        rules.ensure_may_close(actor, facts_of(membership), others_of_role=others)
        invitations = accounts.end_membership(membership)
        audit.record(actor, "members.end", subject=membership, reason=reason.value, invitations=invitations)


def give_back(actor: Actor, public_id: str) -> None:
    """Give an access back that ended less than ninety days ago, without its former functions and seats.

    Raises `NotFound`, `RuleViolation` for one's own, for one that holds, or ended too long ago.
    """
    ensure(actor, Permission.MEMBER_END)
    today = clock.today()
    with db.transaction(actor):
        membership = queries.lock_access(actor, public_id)
        rules.ensure_may_give_back(actor, membership.user_id)
        ended = membership.ends_on
        if ended is None or ended >= today:
            raise RuleViolation("Cet accès est ouvert : il n’y a rien à rendre.")
        if ended < today - rules.MAY_COME_BACK:
            raise RuleViolation("Cet accès a pris fin il y a trop longtemps : faites inviter la personne de nouveau.")
        membership.starts_on, membership.ends_on = today, None
        membership.is_org_manager = membership.is_physician = False
        audit.record(actor, "members.give_back", subject=membership)


def close(actor: Actor, public_id: str, *, reason: ClosingReason) -> None:
    """Close a person's account in the whole installation. Raises `NotFound`, `RuleViolation`."""
    ensure(actor, Permission.ACCOUNT_CLOSE)
    with db.transaction(actor):
        lock_cellule(actor.cellule_id)
        membership = _held(actor, public_id)
        others = queries.count_others_of_role(membership, clock.today())
        rules.ensure_may_close(actor, facts_of(membership), others_of_role=others)
        if membership.user.disabled_at is not None:
            raise RuleViolation("Ce compte est déjà fermé.")
        accounts.close_account(membership.user, reason)
        audit.record(actor, "account.close", subject=membership.user, reason=reason.value)


def reopen(actor: Actor, public_id: str) -> None:
    """Open a closed account again. Raises `NotFound`, `RuleViolation`."""
    ensure(actor, Permission.ACCOUNT_CLOSE)
    with db.transaction(actor):
        membership = _held(actor, public_id)
        if membership.user.disabled_at is None:
            raise RuleViolation("Ce compte est ouvert : il n’y a rien à rouvrir.")
        accounts.reopen_account(membership.user)
        audit.record(actor, "account.reopen", subject=membership.user)


def facts_of(membership: Membership) -> AccessFacts:
    """Return what decides who may close an access."""
    return AccessFacts(membership.user_id, membership.role)


def words_of(membership: Membership, *, named: bool) -> tuple[str, ...]:
    """Return what a person is here: the role, then the job and the functions that it does not say already.

    Neither the role nor the job is said of a body that the reader must not know by name.
    """
    if not named:
        return ("partenaire",)
    job = membership.user.job_title
    words = [job] if _says(job, membership.role_label) else [membership.role_label, job]
    if membership.is_physician and "médecin" not in job.casefold():
        words.append("médecin")
    if membership.is_org_manager:
        words.append("gère les accès")
    return tuple(filter(None, words))


def _says(job: str, role: str) -> bool:
    # « Assistante de service social » says « assistant de service social »: the gender comes late in the word.
    return job.casefold()[:8] == role.casefold()[:8]


def _held(actor: Actor, public_id: str) -> Membership:
    membership = queries.lock_access(actor, public_id)
    if not holds_on(membership.starts_on, membership.ends_on, clock.today()):
        raise NotFound
    return membership


def _access(actor: Actor, membership: Membership) -> Access:
    user, today = membership.user, clock.today()
    named = masking.reads_name(actor, membership.organisation.facts)
    used = user.last_signed_in_at
    ended = membership.ends_on if membership.ends_on is not None and membership.ends_on < today else None
    return Access(
        public_id=membership.public_id,
        person_id=user.public_id,
        name=user.full_name,
        words=words_of(membership, named=named),
        organisation=masking.organisation_name(actor, membership.organisation.facts),
        since=membership.starts_on,
        last_used=clock.local(used).date() if used else None,
        ended_on=ended,
        closed=_closed(membership),
        dormant=user.dormant_warned_at is not None,
        is_self=user.id == actor.user_id,
    )


def _closed(membership: Membership) -> ClosingReason | None:
    if membership.user.disabled_at is None:
        return None
    return membership.user.disabled_reason or ClosingReason.DEPARTURE
