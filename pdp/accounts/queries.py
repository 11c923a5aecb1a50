"""Reads of people, organisations, seats and sign-ins."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from pdp.accounts.enums import HolderRank, Proof, SignInStage
from pdp.accounts.models import (
    Cellule,
    CelluleOrganisation,
    GovernanceRules,
    Membership,
    Organisation,
    PasswordReset,
    Seat,
    SeatHolder,
    SignInAttempt,
    UndertakingAcceptance,
    User,
    UserSession,
)
from pdp.accounts.rules import THROTTLE_DAY, THROTTLE_WINDOW, Tries, read_proofs
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.policy import masking
from pdp.policy.actor import Actor
from pdp.policy.roles import ROLE_NAMES, Role

_TRIES_LOCK = 0x70647054
# A person has a few sign-ins; a list longer than this is an attack, which « all others » ends.
_MOST_SIGN_INS = 50


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live sign-in: who, through which membership, and its stored row."""

    session_id: int
    actor: Actor
    last_seen_at: datetime
    proofs: frozenset[Proof]
    proven_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """An open sign-in as its holder reads it in their account."""

    public_id: str
    device: str
    since: datetime
    last_seen_at: datetime
    role: Role | None
    organisation: str | None
    proofs: frozenset[Proof]
    is_current: bool

    @property
    def role_label(self) -> str:
        """Return the French name of the role in use in it."""
        return ROLE_NAMES[self.role] if self.role else ""


def token_hash(token: str) -> str:
    """Return the stored form of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_session(token: str) -> tuple[UserSession, User] | None:
    """Return the sign-in of a token with its person, held or not."""
    found = db.session().execute(
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.token_hash == token_hash(token))
    )
    row = found.one_or_none()
    return (row[0], row[1]) if row else None


def find_user_by_email(email: str) -> User | None:
    """Return the person who signs in with this address."""
    return db.session().scalars(select(User).where(User.email == email.strip().lower())).one_or_none()


def get_user(user_id: int) -> User:
    """Return a person by key."""
    return db.session().get_one(User, user_id)


def list_users(user_ids: Collection[int]) -> Sequence[User]:
    """Return people by their keys. One statement."""
    return db.session().scalars(select(User).where(User.id.in_(user_ids)).order_by(User.id)).all()


def list_stand_ins(cellule_id: int, user_ids: Collection[int], day: date) -> dict[int, set[int]]:
    """Return, for each titulaire of a seat, the suppléants of the same seat on a day. One statement."""
    holder, other = aliased(SeatHolder), aliased(SeatHolder)
    theirs, others = aliased(Membership), aliased(Membership)
    found = db.session().execute(
        select(theirs.user_id, others.user_id)
        .join(holder, holder.membership_id == theirs.id)
        .join(Seat, and_(Seat.id == holder.seat_id, Seat.cellule_id == cellule_id))
        .join(other, and_(other.seat_id == Seat.id, other.rank == HolderRank.SUPPLEANT))
        .join(others, others.id == other.membership_id)
        .where(
            theirs.user_id.in_(user_ids),
            holder.rank == HolderRank.TITULAIRE,
            others.user_id != theirs.user_id,
            *_holds(Seat, day),
            *(
                condition
                for table in (holder, other, theirs, others)
                for condition in (table.starts_on <= day, or_(table.ends_on.is_(None), table.ends_on >= day))
            ),
        )
    )
    instead: dict[int, set[int]] = {}
    for user_id, stand_in in found:
        instead.setdefault(user_id, set()).add(stand_in)
    return instead


def list_memberships(user_id: int, day: date) -> Sequence[Membership]:
    """Return the memberships of a person that hold on `day`, oldest first.

    A membership holds while its organisation is associated with the cellule.
    """
    return (
        db.session()
        .scalars(
            select(Membership)
            .options(joinedload(Membership.organisation), joinedload(Membership.cellule), joinedload(Membership.user))
            .where(Membership.user_id == user_id, *_holds(Membership, day), _associated(day))
            .order_by(Membership.id)
        )
        .all()
    )


def find_membership(user_id: int, public_id: str, day: date) -> Membership | None:
    """Return one membership of a person if it holds on `day`."""
    return next((found for found in list_memberships(user_id, day) if found.public_id == public_id), None)


def find_any_membership(public_id: str) -> Membership | None:
    """Return a membership that holds today, whoever holds it; demo mode only."""
    return (
        db.session()
        .scalars(
            select(Membership)
            .options(joinedload(Membership.organisation), joinedload(Membership.cellule), joinedload(Membership.user))
            .where(Membership.public_id == public_id, *_holds(Membership, clock.today()))
        )
        .one_or_none()
    )


def list_everyone(day: date) -> Sequence[Membership]:
    """Return every membership that holds on `day`, for the demo's sign-in page only."""
    return (
        db.session()
        .scalars(
            select(Membership)
            .options(joinedload(Membership.organisation), joinedload(Membership.user), joinedload(Membership.cellule))
            .where(*_holds(Membership, day))
            .order_by(Membership.cellule_id, Membership.id)
        )
        .all()
    )


def count_failures(account_key: str, source_key: str, since: datetime) -> tuple[int, int]:
    """Count failed sign-ins since an instant, for an account and for a source."""
    attempts = SignInAttempt
    row = (
        db.session()
        .execute(
            select(
                func.count().filter(attempts.account_key == account_key),
                func.count().filter(attempts.source_key == source_key),
            ).where(attempts.at >= since, or_(attempts.account_key == account_key, attempts.source_key == source_key))
        )
        .one()
    )
    return row[0], row[1]


def has_accepted(user_id: int, undertaking: str) -> bool:
    """Tell whether a person accepted a version of the confidentiality undertaking."""
    accepted = UndertakingAcceptance
    return bool(
        db.session().scalar(select(exists().where(accepted.user_id == user_id, accepted.undertaking == undertaking)))
    )


def list_accepted(user_id: int) -> Sequence[UndertakingAcceptance]:
    """Return the versions that a person accepted, newest first."""
    accepted = UndertakingAcceptance
    return (
        db.session()
        .scalars(
            select(accepted).where(accepted.user_id == user_id).order_by(accepted.accepted_at.desc(), accepted.id)
        )
        .all()
    )


def lock_tries() -> None:
    """Let one try at a time be counted in the whole installation, until the end of the transaction.

    SQLite already has one writer at a time.
    """
    if not db.bound().is_sqlite:
        db.session().execute(select(func.pg_advisory_xact_lock(_TRIES_LOCK)))


def count_tries(account_key: str, source_key: str, now: datetime) -> Tries:
    """Count the wrong passwords that decide whether one more is looked at. One statement."""
    attempts, recent, today = SignInAttempt, now - THROTTLE_WINDOW, now - THROTTLE_DAY
    is_recent, of_account = attempts.at >= recent, attempts.account_key == account_key
    row = (
        db.session()
        .execute(
            select(
                func.count().filter(of_account, is_recent),
                func.count().filter(of_account),
                func.count().filter(attempts.source_key == source_key, is_recent),
                func.count().filter(is_recent),
            ).where(or_(is_recent, and_(of_account, attempts.at >= today)))
        )
        .one()
    )
    return Tries(*row)


def count_resets(account_key: str, source_key: str, since: datetime) -> tuple[int, int]:
    """Count the links asked for since an instant, for an address and from a source."""
    of_account, of_source = PasswordReset.account_key == account_key, PasswordReset.source_key == source_key
    row = (
        db.session()
        .execute(
            select(func.count().filter(of_account), func.count().filter(of_source)).where(
                PasswordReset.created_at >= since, or_(of_account, of_source)
            )
        )
        .one()
    )
    return row[0], row[1]


def find_reset(token_hash: str, *, lock: bool = False) -> tuple[PasswordReset, User] | None:
    """Return a link asked for by the hash of its token, with whose account it opens."""
    return _reset_of(PasswordReset.token_hash == token_hash, lock=lock)


def find_reset_by_id(public_id: str) -> tuple[PasswordReset, User] | None:
    """Return a link asked for by its public id, with whose account it opens."""
    return _reset_of(PasswordReset.public_id == public_id)


def end_resets(account_key: str, now: datetime) -> None:
    """End the links asked for an address: at most one serves at a time. The same statement for every address."""
    db.session().execute(
        update(PasswordReset)
        .where(PasswordReset.account_key == account_key, PasswordReset.ended_at.is_(None))
        .values(ended_at=now)
    )


def list_words_about(user: User) -> tuple[str, ...]:
    """Return what a password of the person must not be made of: who they are, where they work."""
    held = list_memberships(user.id, clock.today())
    places = {text for each in held for text in (each.organisation.name, each.cellule.name)}
    return (user.given_name, user.family_name, user.email, *sorted(places))


def _reset_of(condition: ColumnElement[bool], *, lock: bool = False) -> tuple[PasswordReset, User] | None:
    wanted = select(PasswordReset, User).join(User, User.id == PasswordReset.user_id).where(condition)
    if lock:
        wanted = wanted.with_for_update(of=PasswordReset).execution_options(populate_existing=True)
    row = db.session().execute(wanted).one_or_none()
    return (row[0], row[1]) if row else None


def list_people(cellule_id: int, day: date) -> Sequence[Membership]:
    """Return the people of a cellule on `day`, by organisation then name."""
    return (
        db.session()
        .scalars(
            select(Membership)
            .join(Membership.organisation)
            .join(Membership.user)
            .options(contains_eager(Membership.organisation), contains_eager(Membership.user))
            .options(joinedload(Membership.cellule, innerjoin=True))
            .where(Membership.cellule_id == cellule_id, *_holds(Membership, day))
            .order_by(Organisation.id, User.family_name, Membership.id)
        )
        .all()
    )


def list_seats_held(membership_id: int, day: date) -> Sequence[SeatHolder]:
    """Return the mandates of a membership that hold on `day` or later."""
    wanted = select(SeatHolder).where(SeatHolder.membership_id == membership_id)
    return db.session().scalars(wanted.where(or_(SeatHolder.ends_on.is_(None), SeatHolder.ends_on >= day))).all()


def list_sessions_through(membership_id: int) -> Sequence[UserSession]:
    """Return the sign-ins that use a membership and are not revoked."""
    wanted = select(UserSession).where(UserSession.membership_id == membership_id, UserSession.revoked_at.is_(None))
    return db.session().scalars(wanted).all()


def list_sessions_of(user_id: int) -> Sequence[UserSession]:
    """Return the sign-ins of a person that are not revoked, newest first."""
    wanted = select(UserSession).where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
    return db.session().scalars(wanted.order_by(UserSession.id.desc())).all()


def find_own_session(user_id: int, public_id: str) -> tuple[UserSession, User] | None:
    """Return a sign-in of a person by its public id, held or not."""
    found = db.session().execute(
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.public_id == public_id, UserSession.user_id == user_id)
    )
    row = found.one_or_none()
    return (row[0], row[1]) if row else None


def list_open_sign_ins(user_id: int, token: str, *, seen_since: datetime) -> list[OwnSignIn]:
    """Return the sign-ins of a person that still open something; the one of `token` first. One statement."""
    current = UserSession.token_hash == token_hash(token)
    rows = db.session().execute(
        select(UserSession, Membership.role, Organisation.short_name, current)
        .outerjoin(Membership, Membership.id == UserSession.membership_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            UserSession.user_id == user_id,
            UserSession.stage == SignInStage.OPEN,
            UserSession.revoked_at.is_(None),
            UserSession.last_seen_at >= seen_since,
            UserSession.expires_at > clock.now(),
        )
        .order_by(current.desc(), UserSession.last_seen_at.desc(), UserSession.id.desc())
        .limit(_MOST_SIGN_INS)
    )
    return [
        OwnSignIn(
            each.public_id,
            each.device,
            each.created_at,
            each.last_seen_at,
            role,
            organisation,
            read_proofs(each.proofs),
            bool(is_current),
        )
        for each, role, organisation, is_current in rows
    ]


def list_seats(cellule_id: int, day: date) -> Sequence[Seat]:
    """Return the seats of a cellule on `day` in their order, with their holders of that day."""
    return (
        db.session()
        .scalars(
            select(Seat)
            .options(
                joinedload(Seat.organisation),
                selectinload(Seat.holders.and_(*_holds(SeatHolder, day)))
                .joinedload(SeatHolder.membership)
                .joinedload(Membership.user),
            )
            .where(Seat.cellule_id == cellule_id, *_holds(Seat, day))
            .order_by(Seat.position, Seat.id)
        )
        .all()
    )


def list_organisations(cellule_id: int, day: date) -> Sequence[Organisation]:
    """Return the organisations associated with a cellule on `day`."""
    return (
        db.session()
        .scalars(
            select(Organisation)
            .join(CelluleOrganisation, CelluleOrganisation.organisation_id == Organisation.id)
            .where(
                CelluleOrganisation.cellule_id == cellule_id,
                CelluleOrganisation.joined_on <= day,
                or_(CelluleOrganisation.left_on.is_(None), CelluleOrganisation.left_on >= day),
            )
            .order_by(Organisation.id)
        )
        .all()
    )


def find_unnamed(actor: Actor, user_ids: Collection[int]) -> frozenset[int]:
    """Return which of these people the actor may not be told of: those of a sensitive partner of its cellule.

    A name leads to the organisation as surely as its own. Nothing is asked for those who read every name.
    """
    if masking.reads_every_name(actor) or not user_ids:
        return frozenset()
    found = db.session().scalars(
        select(Membership.user_id)
        .join(Membership.organisation)
        .where(
            Membership.cellule_id == actor.cellule_id,
            Membership.user_id.in_(user_ids),
            Organisation.sensitive,
            Organisation.id != actor.organisation_id,
        )
    )
    return frozenset(found)


def get_organisation(cellule_id: int, public_id: str) -> Organisation:
    """Return an organisation of the cellule by its public id."""
    for organisation in list_organisations(cellule_id, clock.today()):
        if organisation.public_id == public_id:
            return organisation
    raise NotFound


def get_cellule(cellule_id: int) -> Cellule:
    """Return a cellule by its key."""
    found = db.session().get(Cellule, cellule_id)
    if found is None:
        raise NotFound
    return found


def lock_cellule(cellule_id: int) -> Cellule:
    """Lock the cellule until the commit: what is counted in it is decided one act at a time."""
    return db.session().scalars(select(Cellule).where(Cellule.id == cellule_id).with_for_update(key_share=True)).one()


def list_cellule_ids() -> Sequence[int]:
    """Return the key of every cellule of the installation."""
    return db.session().scalars(select(Cellule.id).order_by(Cellule.id)).all()


def governance(cellule_id: int, day: date) -> GovernanceRules:
    """Return the rules of a cellule that hold on `day`."""
    found = (
        db.session()
        .scalars(
            select(GovernanceRules)
            .where(GovernanceRules.cellule_id == cellule_id, GovernanceRules.valid_from <= day)
            .order_by(GovernanceRules.valid_from.desc())
            .limit(1)
        )
        .one_or_none()
    )
    if found is None:
        raise NotFound("Aucune règle de fonctionnement n’est enregistrée pour cette cellule à cette date.")
    return found


def _associated(day: date) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            CelluleOrganisation.cellule_id == Membership.cellule_id,
            CelluleOrganisation.organisation_id == Membership.organisation_id,
            CelluleOrganisation.joined_on <= day,
            or_(CelluleOrganisation.left_on.is_(None), CelluleOrganisation.left_on >= day),
        )
        .correlate(Membership)
    )


def membership_holds(day: date) -> tuple[ColumnElement[bool], ...]:
    """Return the filter over `Membership` of those that hold on `day`."""
    return _holds(Membership, day)


def _holds(table: type[Membership | Seat | SeatHolder], day: date) -> tuple[ColumnElement[bool], ...]:
    return (table.starts_on <= day, or_(table.ends_on.is_(None), table.ends_on >= day))
