"""Requests for recovery as those who may vouch see them: list, recognise, give one's word, refuse, take it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.factors.enums import Recognition, RecoveryState
from pdp.factors.models.recovery import FactorRecovery, FactorVouching
from pdp.factors.queries import recovery as queries
from pdp.factors.service import recovery as recoveries
from pdp.notifications.enums import NoticeKind
from pdp.notifications.service.notifying import notify
from pdp.policy import masking
from pdp.policy import vouching as rules
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import ROLE_NAMES, role_beside
from pdp.policy.vouching import Voucher

_SHOWN_FOR = timedelta(days=30)
_OVER = "Cette demande n’est plus en cours : il n’y a plus rien à en faire."
_NOT_ONE_OF_TWO = (
    "Votre parole ne suffirait pas avec celle déjà donnée. Une autre personne doit la donner : elle en a reçu l’avis."
)
_LOST_WORD = (
    "La personne qui avait donné sa parole n’a plus accès à la cellule. Refusez cette demande\u00a0: "
    "celle qui l’a faite en fera une autre."
)


@dataclass(frozen=True, slots=True)
class Word:
    """The word of a person who vouched."""

    name: str
    role: str
    how: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request as a person who may vouch reads it, at local times. The number is not in it: they are told it."""

    public_id: str
    name: str
    place: str
    state: RecoveryState
    asked_at: datetime
    expires_at: datetime
    words: tuple[Word, ...]
    is_live: bool
    may_vouch: bool
    has_vouched: bool


def list_requests(actor: Actor) -> list[RequestLine]:
    """Return the requests of the last thirty days that the actor may be one of the two of."""
    ensure(actor, Permission.RECOVERY_VOUCH)
    with db.transaction(actor):
        found = queries.list_requests(actor, clock.now() - _SHOWN_FOR)
        lines = [_line(actor, one) for one in found if _is_open_to(actor, one)]
        audit.record(actor, "recovery.list", count=len(lines))
    return lines


def read_request(actor: Actor, public_id: str) -> RequestLine:
    """Return one request. Raises `NotFound` when the actor may not be one of the two."""
    ensure(actor, Permission.RECOVERY_VOUCH)
    with db.transaction(actor):
        found = _get(actor, public_id)
        audit.record(actor, "recovery.read", subject=found)
        return _line(actor, found)


def vouch(actor: Actor, public_id: str, *, number: str, how: Recognition) -> None:
    """Give one's word that the person who asks is who they say, after hearing the number from them.

    Raises `RuleViolation` when the word cannot count, `InvalidInput` for a wrong number.
    """
    ensure(actor, Permission.RECOVERY_VOUCH)
    wrong = False
    with db.transaction(actor):
        recovery = _get(actor, public_id, lock=True)
        if not recoveries.is_live(recovery) or recovery.state is not RecoveryState.WAITING:
            raise RuleViolation(_OVER)
        if not rules.may_vouch(recoveries.asker_of(recovery), rules.voucher_of(actor), _given(recovery)):
            raise RuleViolation(_NOT_ONE_OF_TWO)
        if queries.has_lost_a_word(recovery, clock.today()):
            raise RuleViolation(_LOST_WORD)
        if recoveries.is_number(recovery, number):
            _add_word(actor, recovery, how)
        else:
            wrong = True
            recoveries.note_wrong_number(recovery, actor)
    if wrong:
        raise InvalidInput({"number": [recoveries.WRONG_NUMBER]})


def stop(actor: Actor, public_id: str) -> None:
    """Refuse a request, or take one's word back: either ends it, and the person may ask again."""
    ensure(actor, Permission.RECOVERY_VOUCH)
    with db.transaction(actor):
        recovery = _get(actor, public_id, lock=True)
        if not recoveries.is_live(recovery):
            raise RuleViolation(_OVER)
        vouched = any(one.voucher_id == actor.user_id for one in recovery.vouchings)
        recoveries.end(recovery, RecoveryState.CANCELLED if vouched else RecoveryState.REFUSED, actor)
        audit.record(actor, "recovery.withdraw" if vouched else "recovery.refuse", subject=recovery)


def _add_word(actor: Actor, recovery: FactorRecovery, how: Recognition) -> None:
    now = clock.now()
    recovery.vouchings.append(
        FactorVouching(
            cellule_id=recovery.cellule_id,
            organisation_id=recovery.organisation_id,
            user_id=recovery.user_id,
            voucher_id=actor.user_id,
            voucher_role=actor.role,
            voucher_organisation_id=actor.organisation_id,
            voucher_manages=actor.is_org_manager,
            how=how,
            vouched_at=now,
        )
    )
    if len(recovery.vouchings) == 2:
        recovery.state, recovery.accepted_at = RecoveryState.ACCEPTED, now
        link = recoveries.OWN_PAGE
        notify([recovery.user_id], NoticeKind.RECOVERY_ACCEPTED, cellule_id=recovery.cellule_id, link=link)
    audit.record(actor, "recovery.vouch", subject=recovery, how=how, words=len(recovery.vouchings))


def _get(actor: Actor, public_id: str, *, lock: bool = False) -> FactorRecovery:
    recovery = queries.get_request(actor, public_id, lock=lock)
    if not _is_open_to(actor, recovery):
        raise NotFound
    return recovery


def _is_open_to(actor: Actor, recovery: FactorRecovery) -> bool:
    """Tell whether the actor may be one of the two; whose organisation it may not name stays unknown to it."""
    named = masking.reads_name(actor, recovery.organisation.facts)
    return named and rules.is_close(recoveries.asker_of(recovery), rules.voucher_of(actor))


def _given(recovery: FactorRecovery) -> list[Voucher]:
    return [
        Voucher(one.voucher_id, one.cellule_id, one.voucher_organisation_id, one.voucher_role, one.voucher_manages)
        for one in recovery.vouchings
    ]


def _place(recovery: FactorRecovery) -> str:
    """Say what the person is, and where."""
    organisation = recovery.organisation.short_name
    role = role_beside(recovery.membership.role_label, organisation)
    return ", ".join(filter(None, (organisation, role)))


def _line(actor: Actor, recovery: FactorRecovery) -> RequestLine:
    live, waiting = recoveries.is_live(recovery), recovery.state is RecoveryState.WAITING
    asker, voucher = recoveries.asker_of(recovery), rules.voucher_of(actor)
    return RequestLine(
        public_id=recovery.public_id,
        name=recovery.user.full_name,
        place=_place(recovery),
        state=RecoveryState.EXPIRED if recovery.ended_at is None and not live else recovery.state,
        asked_at=clock.local(recovery.asked_at),
        expires_at=clock.local(recovery.expires_at),
        words=tuple(
            Word(one.voucher.full_name, ROLE_NAMES[one.voucher_role], one.how.label, clock.local(one.vouched_at))
            for one in recovery.vouchings
        ),
        is_live=live,
        may_vouch=live and waiting and rules.may_vouch(asker, voucher, _given(recovery)),
        has_vouched=any(one.voucher_id == actor.user_id for one in recovery.vouchings),
    )
