"""Invite a person of one's organisation, and accept an invitation."""

import hashlib
import secrets
from dataclasses import dataclass

from pdp.accounts import queries as accounts
from pdp.accounts.models import Membership, User
from pdp.accounts.passwords import check_password, hash_password, matches
from pdp.accounts.rules import holds_on
from pdp.accounts.service import throttle
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.partners import queries, rules
from pdp.partners.models import Invitation
from pdp.partners.rules import InvitationFacts
from pdp.partners.service.people import ensure_manages
from pdp.policy.actor import Actor

# The same words whether the address already has an account or not: an invitation reveals no account.
_REFUSED = (
    "Ce mot de passe ne convient pas. Si vous avez déjà un compte avec cette adresse, c’est son mot de passe "
    "qui est demandé. Après cinq essais, l’invitation ne vaut plus rien : demandez-en une autre."
)
_OVER = "Cette invitation ne peut plus servir. Demandez-en une nouvelle à la personne qui gère votre organisme."


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the page of an invitation says."""

    name: str
    email: str
    organisation: str
    cellule: str


def invite(actor: Actor, *, email: str, given_name: str, family_name: str, job_title: str = "") -> str:
    """Invite a person of the actor's organisation, with its own role and no flag; return the token, shown once.

    Nothing tells whether the address already has an account.
    """
    ensure_manages(actor)
    token, now = secrets.token_urlsafe(32), clock.now()
    with db.transaction(actor) as session:
        invitation = Invitation(
            cellule_id=actor.cellule_id,
            organisation_id=actor.organisation_id,
            role=actor.role,
            email=email.strip().lower(),
            given_name=given_name,
            family_name=family_name,
            job_title=job_title,
            token_hash=_hash(token),
            invited_by_id=actor.user_id,
            invited_at=now,
            expires_at=now + rules.INVITATION_LASTS,
        )
        session.add(invitation)
        audit.record(actor, "people.invite", subject=invitation)
    return token


def cancel(actor: Actor, public_id: str) -> None:
    """Make an invitation worthless. Raises `NotFound`, `RuleViolation` when it was accepted meanwhile."""
    ensure_manages(actor)
    with db.transaction(actor):
        invitation = queries.get_invitation(actor, public_id)
        if invitation.accepted_at is not None:
            raise RuleViolation("Cette invitation vient d’être acceptée : retirez plutôt l’accès de la personne.")
        invitation.cancelled_at = clock.now()
        audit.record(actor, "people.cancel_invitation", subject=invitation)


def read_invitation(token: str) -> Welcome:
    """Return what an invitation says, to whoever holds its link. Raises `NotFound` with what to do."""
    with db.reading():
        return _welcome(_usable(queries.find_invitation(_hash(token))))


def accept(token: str, *, password: str, repeated: str = "") -> None:
    """Use an invitation: a new account, or one more membership for the holder of the address's account.

    The same work for an address that has an account and for one that has none: one verification, one hash.
    Raises `InvalidInput` for a weak or wrong password, `NotFound` for an invitation that is over.
    """
    with db.reading():
        invitation = _usable(queries.find_invitation(_hash(token)))
        user = accounts.find_user_by_email(invitation.email)
    # Judged before the account is: a weak password is refused in the same words, account or not.
    check_password(password, repeated, about=_about(invitation))
    # Counted with the sign-ins: invitations, however many, allow no more tries than the front door.
    tried = throttle.claim(invitation.email, f"invitation {invitation.public_id}")
    known = not tried.wait and matches(user.password_hash if user else None, password)
    fresh = "" if tried.wait else hash_password(password)
    if tried.wait or (user is not None and (not known or user.disabled_at is not None)):
        _refuse(token)
        raise InvalidInput({"_form": [_REFUSED]})
    with db.transaction():
        invitation = _usable(queries.find_invitation(_hash(token), lock=True))
        db.adopt(db.Upkeep(invitation.cellule_id))
        person = accounts.find_user_by_email(invitation.email) or _create(invitation, fresh)
        if user is None and person.password_hash != fresh:
            # Another invitation opened the account meanwhile: its password is the one to show.
            raise InvalidInput({"_form": [_REFUSED]})
        membership = _join(invitation, person)
        invitation.accepted_at = clock.now()
        throttle.forgive(tried)
        # Whoever holds the address learns of it, even if the link went to somebody else.
        notifications.notify([person.id], NoticeKind.INVITATION, cellule_id=invitation.cellule_id, link="/")
        audit.record(None, "people.accept", subject=membership)


def on_membership_ended(membership: Membership) -> int:
    """Cancel the invitations that a person made, or that would let them in again; return how many."""
    tied = queries.list_tied_invitations(membership, clock.now())
    for invitation in tied:
        invitation.cancelled_at = clock.now()
    return len(tied)


def _refuse(token: str) -> None:
    with db.transaction():
        invitation = _usable(queries.find_invitation(_hash(token), lock=True))
        db.adopt(db.Upkeep(invitation.cellule_id))
        invitation.failures += 1
        audit.record(None, "people.accept", refused=True, subject=invitation)


def _about(invitation: Invitation) -> tuple[str, ...]:
    """Return what a password must not be made of."""
    return (
        invitation.given_name,
        invitation.family_name,
        invitation.email,
        invitation.organisation.name,
        invitation.cellule.name,
    )


def _create(invitation: Invitation, password_hash: str) -> User:
    """Create the account of an invited person."""
    created = User(
        email=invitation.email,
        given_name=invitation.given_name,
        family_name=invitation.family_name,
        job_title=invitation.job_title,
        password_hash=password_hash,
        created_at=clock.now(),
    )
    db.session().add(created)
    db.session().flush()
    return created


def _join(invitation: Invitation, person: User) -> Membership:
    """Open the membership, or open it again, without its former functions, for someone who had left."""
    found = queries.has_membership(person.id, invitation)
    if found is not None:
        if not holds_on(found.starts_on, found.ends_on, clock.today()):
            found.starts_on, found.ends_on = clock.today(), None
            found.is_org_manager = found.is_physician = False
        return found
    membership = Membership(
        user_id=person.id,
        organisation_id=invitation.organisation_id,
        cellule_id=invitation.cellule_id,
        role=invitation.role,
        starts_on=clock.today(),
    )
    db.session().add(membership)
    db.session().flush()
    return membership


def _usable(invitation: Invitation | None) -> Invitation:
    if invitation is None:
        raise NotFound(_OVER)
    facts = InvitationFacts(
        invitation.expires_at,
        invitation.accepted_at is not None,
        invitation.cancelled_at is not None,
        invitation.failures,
        host_in_charge=queries.is_host_in_charge(invitation, clock.today()),
    )
    if not rules.is_usable(facts, clock.now()):
        raise NotFound(_OVER)
    return invitation


def _welcome(invitation: Invitation) -> Welcome:
    return Welcome(
        f"{invitation.given_name} {invitation.family_name}",
        invitation.email,
        invitation.organisation.short_name,
        invitation.cellule.name,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
