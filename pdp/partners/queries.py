"""Reads of the partner's space: its people, its invitations, its proposals, what is shared with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from pdp.accounts import queries as accounts
from pdp.accounts.models import Membership, User
from pdp.cases.models import Case, InsuredPerson
from pdp.cases.queries import named_in_lists, reads_label, visible_to
from pdp.consent.models import SharingAgreement
from pdp.core import db
from pdp.core.errors import NotFound
from pdp.core.french import NBSP
from pdp.dispositifs.enums import Dispositif
from pdp.documents.enums import ReviewState
from pdp.documents.models import Document
from pdp.partners.models import Invitation
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest

MOST = 30


@dataclass(frozen=True, slots=True)
class Proposal:
    """A request that the organisation proposed, and where it stands."""

    public_id: str
    reference: str
    name: str
    dispositif: Dispositif
    status: RequestStatus
    proposed_at: datetime
    decline_reason: str


@dataclass(frozen=True, slots=True)
class SharedCase:
    """A case shared with the organisation, what of it, and until when."""

    public_id: str
    reference: str
    name: str
    labels: frozenset[Label]
    until: date | None


def list_members(actor: Actor, day: date) -> Sequence[Membership]:
    """Return the people of the actor's organisation in its cellule on `day`, by name."""
    return (
        db.session()
        .scalars(
            select(Membership)
            .join(Membership.user)
            .options(contains_eager(Membership.user))
            .where(*_own(actor), *accounts.membership_holds(day))
            .order_by(User.family_name, User.given_name, Membership.id)
        )
        .all()
    )


def lock_member(actor: Actor, public_id: str, day: date) -> Membership:
    """Return one of the organisation's people, locked with all the others. Raises `NotFound`."""
    found = (
        db.session()
        .scalars(
            select(Membership)
            .options(joinedload(Membership.user, innerjoin=True))
            .where(*_own(actor), *accounts.membership_holds(day))
            .order_by(Membership.id)
            .with_for_update(of=Membership)
        )
        .all()
    )
    for membership in found:
        if membership.public_id == public_id:
            return membership
    raise NotFound


def count_managers(actor: Actor, day: date) -> int:
    """Count the people who manage the organisation's accesses."""
    return (
        db.session().scalar(
            select(func.count())
            .select_from(Membership)
            .where(*_own(actor), *accounts.membership_holds(day), Membership.is_org_manager)
        )
        or 0
    )


def list_invitations(actor: Actor, now: datetime) -> Sequence[Invitation]:
    """Return the organisation's invitations that still wait, newest first."""
    return (
        db.session()
        .scalars(
            select(Invitation)
            .where(
                Invitation.cellule_id == actor.cellule_id,
                Invitation.organisation_id == actor.organisation_id,
                Invitation.accepted_at.is_(None),
                Invitation.cancelled_at.is_(None),
                Invitation.expires_at > now,
            )
            .order_by(Invitation.id.desc())
            .limit(MOST)
        )
        .all()
    )


def find_invitation(token_hash: str, *, lock: bool = False) -> Invitation | None:
    """Return an invitation by the hash of its token."""
    wanted = (
        select(Invitation)
        .options(joinedload(Invitation.cellule, innerjoin=True), joinedload(Invitation.organisation, innerjoin=True))
        .where(Invitation.token_hash == token_hash)
    )
    if lock:
        wanted = wanted.with_for_update(of=Invitation).execution_options(populate_existing=True)
    return db.session().scalars(wanted).one_or_none()


def list_tied_invitations(membership: Membership, now: datetime) -> Sequence[Invitation]:
    """Return the waiting invitations of an organisation that a person made, or that would let them in again."""
    return (
        db.session()
        .scalars(
            select(Invitation)
            .where(
                Invitation.cellule_id == membership.cellule_id,
                Invitation.organisation_id == membership.organisation_id,
                or_(Invitation.invited_by_id == membership.user_id, Invitation.email == membership.user.email),
                Invitation.accepted_at.is_(None),
                Invitation.cancelled_at.is_(None),
                Invitation.expires_at > now,
            )
            .order_by(Invitation.id)
            .with_for_update()
        )
        .all()
    )


def is_host_in_charge(invitation: Invitation, day: date) -> bool:
    """Tell whether who made an invitation still manages the accesses of the organisation on `day`."""
    held = accounts.list_memberships(invitation.invited_by_id, day)
    return any(
        membership.is_org_manager
        and membership.user.disabled_at is None
        and membership.cellule_id == invitation.cellule_id
        and membership.organisation_id == invitation.organisation_id
        for membership in held
    )


def get_invitation(actor: Actor, public_id: str) -> Invitation:
    """Return an invitation of the actor's organisation, locked. Raises `NotFound`."""
    found = (
        db.session()
        .scalars(
            select(Invitation)
            .where(
                Invitation.public_id == public_id,
                Invitation.cellule_id == actor.cellule_id,
                Invitation.organisation_id == actor.organisation_id,
            )
            .with_for_update()
        )
        .one_or_none()
    )
    if found is None:
        raise NotFound
    return found


def list_proposals(actor: Actor, today: date) -> list[Proposal]:
    """Return the organisation's proposals that await an answer or got a refusal, newest first."""
    rows = db.session().execute(
        select(
            DispositifRequest.public_id,
            *_subject(actor, today),
            DispositifRequest.dispositif,
            DispositifRequest.status,
            DispositifRequest.created_at,
            DispositifRequest.decline_reason,
        )
        .join(Case, and_(Case.cellule_id == DispositifRequest.cellule_id, Case.id == DispositifRequest.case_id))
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .where(
            DispositifRequest.created_by_organisation_id == actor.organisation_id,
            DispositifRequest.status.in_((RequestStatus.PROPOSED, RequestStatus.DECLINED)),
            reads_label(actor, Label.REQUEST, today),
        )
        .order_by(DispositifRequest.id.desc())
        .limit(MOST)
    )
    return [Proposal(row[0], row[1], _named(*row[2:5]), *row[5:]) for row in rows]


def list_shared(actor: Actor, today: date) -> list[SharedCase]:
    """Return the cases shared with the organisation today, the sharing that ends first on top."""
    # An alias: the filter over cases has its own agreements.
    shared = aliased(SharingAgreement)
    rows = db.session().execute(
        select(Case.public_id, *_subject(actor, today), shared.labels, shared.ends_on)
        .join(shared, and_(shared.cellule_id == Case.cellule_id, shared.case_id == Case.id))
        .join(InsuredPerson, InsuredPerson.id == Case.person_id)
        .where(
            visible_to(actor, today),
            shared.organisation_id == actor.organisation_id,
            shared.starts_on <= today,
            or_(shared.ends_on.is_(None), shared.ends_on >= today),
            or_(shared.withdrawn_on.is_(None), shared.withdrawn_on > today),
        )
        .order_by(shared.ends_on.is_(None), shared.ends_on, Case.reference)
        .limit(MOST)
    )
    found: dict[str, SharedCase] = {}
    for row in rows:
        former = found.get(row[0])
        labels = row[5] | former.labels if former else row[5]
        until = None if former and former.until is None else row[6]
        found[row[0]] = SharedCase(row[0], row[1], _named(*row[2:5]), labels, until)
    return list(found.values())


def count_pieces_proposed(actor: Actor, today: date) -> int:
    """Count the organisation's pieces that the referents have not examined yet."""
    return (
        db.session().scalar(
            select(func.count())
            .select_from(Document)
            .join(Case, and_(Case.cellule_id == Document.cellule_id, Case.id == Document.case_id))
            .where(
                Document.organisation_id == actor.organisation_id,
                Document.review == ReviewState.PROPOSED,
                Document.withdrawn_at.is_(None),
                visible_to(actor, today),
            )
        )
        or 0
    )


def has_membership(user_id: int, invitation: Invitation) -> Membership | None:
    """Return the membership that an invitation would give, if the person already had it."""
    return (
        db.session()
        .scalars(
            select(Membership).where(
                Membership.user_id == user_id,
                Membership.organisation_id == invitation.organisation_id,
                Membership.cellule_id == invitation.cellule_id,
                Membership.role == invitation.role,
            )
        )
        .one_or_none()
    )


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        Membership.cellule_id == actor.cellule_id,
        Membership.organisation_id == actor.organisation_id,
        Membership.role == actor.role,
    )


def _subject(actor: Actor, today: date) -> tuple[Any, ...]:
    return (
        Case.reference,
        InsuredPerson.given_name,
        InsuredPerson.family_name,
        named_in_lists(actor, today),
    )


def _named(given: str, family: str, readable: bool) -> str:
    return f"{given} {family}" if readable else f"{given[:1]}.{NBSP}{family[:1]}."
