"""Recovery of an account whose factors are lost, as the person lives it: ask, wait, register anew.

It takes the password and the word of two persons, and it never weakens: the former factors serve until the
very transaction that registers the new one.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from pdp.accounts import queries as account_queries
from pdp.accounts import service as accounts
from pdp.accounts.enums import Proof, SignInStage
from pdp.accounts.models import Membership
from pdp.accounts.service import Pending
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.factors.enums import RecoveryState
from pdp.factors.models.recovery import FactorRecovery
from pdp.factors.queries import recovery as queries
from pdp.factors.service import holders
from pdp.notifications.enums import NoticeKind
from pdp.notifications.service.notifying import notify
from pdp.policy import masking, vouching
from pdp.policy.actor import Actor
from pdp.policy.roles import PARTNER_ROLES
from pdp.policy.vouching import Asker, RecoveryWay

LASTS = timedelta(hours=24)
MAX_A_DAY = 3
MAX_WRONG_NUMBERS = 5
OWN_PAGE = "/mon-compte/recuperation"
LIST = "/cellule/recuperations"

_NOTHING_LOST = "Votre compte n’a encore aucun moyen de connexion : enregistrez-en un à la page précédente."
_TOO_MANY = "Trois demandes ont déjà été faites en vingt-quatre heures. Appelez la coordination de votre cellule."
_UNDER_WAY = "Une demande est déjà en cours : elle est affichée ici."
_NOT_YET = "Deux personnes n’ont pas encore attesté votre identité, ou le délai de vingt-quatre heures est passé."
_TYPE_AGAIN = "Déconnectez-vous, puis tapez de nouveau votre mot de passe : la demande a été attestée entre-temps."
_LOST_WORD = (
    "Une des deux personnes qui avaient attesté votre identité n’a plus accès à la cellule. "
    "Annulez cette demande, puis faites-en une autre."
)
WRONG_NUMBER = "Ce numéro n’est pas celui de la demande. Faites-le répéter, puis tapez-le de nouveau."


@dataclass(frozen=True, slots=True)
class OwnRecovery:
    """A request as its person sees it, at local times. `number` is empty but in the sign-in that asked."""

    state: RecoveryState
    way: RecoveryWay
    number: str
    vouched: int
    asked_at: datetime
    expires_at: datetime


def find_own(actor: Actor, token: str) -> OwnRecovery | None:
    """Return the request under way of a person, in a sign-in on its way or open."""
    with db.reading(actor):
        found, session = queries.find_live(actor), account_queries.find_session(token)
        if found is None or not is_live(found):
            return None
        asked_here = session is not None and session[0].id == found.asked_in_id
        number = found.number if asked_here else ""
        return OwnRecovery(
            found.state,
            found.way,
            number,
            len(found.vouchings),
            clock.local(found.asked_at),
            clock.local(found.expires_at),
        )


def ask(token: str, pending: Pending) -> None:
    """Make a request; the person and those who may vouch are told at once.

    Raises `RuleViolation` when the person has nothing to recover, has a request under way, or asked too often.
    """
    actor = accounts.signing_in(token)
    if not may_ask(pending):
        raise NotFound
    try:
        with db.transaction(actor):
            if not holders.has_factor(actor.user_id):
                raise RuleViolation(_NOTHING_LOST)
            _end_expired(actor)
            if queries.count_since(actor.user_id, clock.now() - LASTS) >= MAX_A_DAY:
                raise RuleViolation(_TOO_MANY)
            people = account_queries.list_people(actor.cellule_id, clock.today())
            recovery = _new(actor, token, people)
            audit.record(actor, "recovery.ask", subject=recovery, way=recovery.way)
            notify([actor.user_id], NoticeKind.RECOVERY_ASKED, cellule_id=actor.cellule_id, link=OWN_PAGE)
            _tell_close(recovery, people)
    except IntegrityError:
        raise RuleViolation(_UNDER_WAY) from None


def may_ask(pending: Pending) -> bool:
    """Tell whether a sign-in on its way proved enough to speak of recovery: the password, or the provider."""
    return pending.stage is SignInStage.SECOND_FACTOR and bool({Proof.PASSWORD, Proof.PROVIDER} & pending.proofs)


def cancel_own(actor: Actor) -> None:
    """End one's own request. Raises `NotFound` when there is none."""
    with db.transaction(actor):
        recovery = queries.find_live(actor, lock=True)
        if recovery is None:
            raise NotFound
        end(recovery, RecoveryState.CANCELLED, actor)
        audit.record(actor, "recovery.cancel", subject=recovery)


def begin_enrolment(token: str, pending: Pending, number: str) -> str:
    """Let a person vouched for register a new factor, once; return the token drawn again.

    The password was typed again since, and the number is that of the request. Raises `RuleViolation`, or
    `InvalidInput` for a wrong number.
    """
    actor, wrong = accounts.signing_in(token), False
    if not may_ask(pending):
        raise NotFound
    with db.transaction(actor):
        recovery = queries.find_live(actor, lock=True)
        if recovery is None or recovery.accepted_at is None or not is_live(recovery):
            raise RuleViolation(_NOT_YET)
        _refuse_lost_word(recovery)
        session = account_queries.find_session(token)
        if session is None or session[0].created_at < recovery.accepted_at:
            raise RuleViolation(_TYPE_AGAIN)
        if is_number(recovery, number):
            renewed = accounts.add_proof(token, Proof.RECOVERY)
            audit.record(actor, "recovery.begin", subject=recovery)
        else:
            wrong = True
            note_wrong_number(recovery, actor)
    if wrong:
        raise InvalidInput({"number": [WRONG_NUMBER]})
    return renewed


def finish(actor: Actor) -> None:
    """Remove the former factors of a person vouched for, just before the new one is stored, in the same transaction.

    Raises `RuleViolation` when the request ended meanwhile.
    """
    recovery = queries.find_live(actor, lock=True)
    if recovery is None or recovery.state is not RecoveryState.ACCEPTED or not is_live(recovery):
        raise RuleViolation(_NOT_YET)
    _refuse_lost_word(recovery)
    removed = holders.remove_all(actor.user_id)
    recovery.state, recovery.ended_at, recovery.ended_by_id = RecoveryState.DONE, clock.now(), actor.user_id
    audit.record(actor, "recovery.done", subject=recovery, removed=removed)
    notify([actor.user_id], NoticeKind.RECOVERY_DONE, cellule_id=actor.cellule_id, link=OWN_PAGE)
    notify(
        [one.voucher_id for one in recovery.vouchings],
        NoticeKind.RECOVERY_DONE,
        cellule_id=actor.cellule_id,
        link=f"{LIST}/{recovery.public_id}",
    )


def is_live(recovery: FactorRecovery) -> bool:
    """Tell whether a request still waits for something."""
    return recovery.ended_at is None and clock.now() < recovery.expires_at


def is_number(recovery: FactorRecovery, typed: str) -> bool:
    """Tell whether the digits typed are those of the request, spaces or not."""
    digits = "".join(character for character in typed if not character.isspace())
    return hmac.compare_digest(digits.encode(), recovery.number.encode())


def note_wrong_number(recovery: FactorRecovery, actor: Actor) -> None:
    """Count a wrong number; past a few the request ends, and is to be made again."""
    recovery.wrong_numbers += 1
    audit.record(actor, "recovery.number", subject=recovery, refused=True, tries=recovery.wrong_numbers)
    if recovery.wrong_numbers >= MAX_WRONG_NUMBERS:
        end(recovery, RecoveryState.REFUSED, actor)


def end(recovery: FactorRecovery, state: RecoveryState, actor: Actor) -> None:
    """End a request without effect; its person and those who vouched are told. Inside the caller's transaction."""
    recovery.state, recovery.ended_at, recovery.ended_by_id = state, clock.now(), actor.user_id
    people = {recovery.user_id, *(one.voucher_id for one in recovery.vouchings)} - {actor.user_id}
    for user_id in people:
        link = OWN_PAGE if user_id == recovery.user_id else f"{LIST}/{recovery.public_id}"
        notify([user_id], NoticeKind.RECOVERY_ENDED, cellule_id=recovery.cellule_id, link=link)


def asker_of(recovery: FactorRecovery) -> Asker:
    """Return what decides who may vouch for a request."""
    return Asker(recovery.user_id, recovery.cellule_id, recovery.organisation_id, recovery.way)


def _refuse_lost_word(recovery: FactorRecovery) -> None:
    """Refuse when an account that vouched was closed meanwhile: it may have been somebody else's hand."""
    if queries.has_lost_a_word(recovery, clock.today()):
        raise RuleViolation(_LOST_WORD)


def _new(actor: Actor, token: str, people: Sequence[Membership]) -> FactorRecovery:
    session = account_queries.find_session(token)
    if session is None:
        raise NotFound
    has_own_manager = any(
        person.is_org_manager and person.organisation_id == actor.organisation_id and person.user_id != actor.user_id
        for person in people
        if person.role in PARTNER_ROLES and person.user.disabled_at is None
    )
    now = clock.now()
    recovery = FactorRecovery(
        cellule_id=actor.cellule_id,
        organisation_id=actor.organisation_id,
        user_id=actor.user_id,
        membership_id=actor.membership_id,
        way=vouching.way_of(actor.role, has_own_manager=has_own_manager),
        number=f"{secrets.randbelow(1_000_000):06}",
        asked_in_id=session[0].id,
        wrong_numbers=0,
        state=RecoveryState.WAITING,
        asked_at=now,
        expires_at=now + LASTS,
        vouchings=[],
    )
    db.session().add(recovery)
    db.session().flush()
    return recovery


def _end_expired(actor: Actor) -> None:
    former = queries.find_live(actor, lock=True)
    if former is not None and not is_live(former):
        former.state, former.ended_at = RecoveryState.EXPIRED, former.expires_at
        db.session().flush()


def _tell_close(recovery: FactorRecovery, people: Sequence[Membership]) -> None:
    """Tell those who may be one of the two; not those who may not know the asker's organisation by its name."""
    asker = asker_of(recovery)
    place = next(person.organisation.facts for person in people if person.id == recovery.membership_id)
    actors = [accounts.build_actor(person) for person in people if person.user.disabled_at is None]
    close = [
        actor.user_id
        for actor in actors
        if vouching.is_close(asker, vouching.voucher_of(actor)) and masking.reads_name(actor, place)
    ]
    link = f"{LIST}/{recovery.public_id}"
    notify(close, NoticeKind.RECOVERY_TO_VOUCH, cellule_id=recovery.cellule_id, link=link)
