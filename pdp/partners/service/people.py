"""The people of an organisation, as its own manager sees them and takes them out."""

from dataclasses import dataclass
from datetime import date, datetime

from pdp.accounts.models import Membership
from pdp.accounts.service import end_membership
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import Forbidden
from pdp.partners import queries, rules
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of the organisation in this cellule."""

    public_id: str
    name: str
    job: str
    since: date
    is_manager: bool
    is_physician: bool
    is_self: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """An invitation not yet used."""

    public_id: str
    name: str
    email: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class People:
    """The page of the organisation's people."""

    organisation: str
    people: tuple[Person, ...]
    waiting: tuple[Waiting, ...]
    may_manage: bool


def read_people(actor: Actor) -> People:
    """Return the people of the actor's organisation; the invitations for its manager only."""
    ensure(actor, Permission.PARTNER_SPACE)
    with db.reading(actor):
        members = queries.list_members(actor, clock.today())
        waiting = queries.list_invitations(actor, clock.now()) if manages(actor) else ()
    return People(
        actor.organisation_name,
        tuple(_person(actor, member) for member in members),
        tuple(
            Waiting(each.public_id, f"{each.given_name} {each.family_name}", each.email, clock.local(each.expires_at))
            for each in waiting
        ),
        manages(actor),
    )


def read_member(actor: Actor, public_id: str) -> Person:
    """Return one person before an access is ended. Raises `NotFound`, `Forbidden`."""
    ensure_manages(actor)
    with db.transaction(actor):
        found = _person(actor, queries.lock_member(actor, public_id, clock.today()))
        audit.record(actor, "people.read")
    return found


def remove(actor: Actor, public_id: str) -> None:
    """End a person's access through this organisation: acts on their next request, in every process.

    Ends their seats, their sign-ins and the invitations that they made or had. Raises `RuleViolation` for
    the last manager.
    """
    ensure_manages(actor)
    today = clock.today()
    with db.transaction(actor):
        membership = queries.lock_member(actor, public_id, today)
        rules.ensure_may_leave(
            is_self=membership.id == actor.membership_id,
            is_manager=membership.is_org_manager,
            managers=queries.count_managers(actor, today),
        )
        invitations = end_membership(membership)
        audit.record(actor, "people.remove", subject=membership, invitations=invitations)


def manages(actor: Actor) -> bool:
    """Tell whether the actor manages the people of its organisation."""
    return actor.is_partner and actor.is_org_manager and not actor.in_emergency


def ensure_manages(actor: Actor) -> None:
    """Refuse who does not manage the people of its organisation. Raises `Forbidden`."""
    ensure(actor, Permission.PARTNER_SPACE)
    if not manages(actor):
        raise Forbidden(Permission.PARTNER_SPACE)


def _person(actor: Actor, membership: Membership) -> Person:
    return Person(
        membership.public_id,
        membership.user.full_name,
        membership.user.job_title,
        membership.starts_on,
        membership.is_org_manager,
        membership.is_physician,
        membership.id == actor.membership_id,
    )
