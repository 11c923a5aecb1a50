"""Record and withdraw sharing agreements. The caller has checked that the actor may see the case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from pdp.accounts import queries as accounts
from pdp.audit import service as audit
from pdp.consent import queries, rules
from pdp.consent.enums import AgreementForm
from pdp.consent.models import SharingAgreement
from pdp.core import clock, db
from pdp.core.errors import Conflict, RuleViolation
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure


@dataclass(frozen=True, slots=True)
class CaseKey:
    """Which case an agreement is of: this layer does not know cases."""

    cellule_id: int
    case_id: int


def record_agreement(
    actor: Actor,
    case: CaseKey,
    *,
    organisation: str,
    labels: Collection[Label],
    purpose: str,
    form: AgreementForm,
    starts_on: date,
    witness: str = "",
    ends_on: date | None = None,
) -> SharingAgreement:
    """Record what the insured agreed to share with an organisation (by its public id).

    Raises `InvalidInput` when the organisation may not receive these labels, when an oral agreement
    has no witness, or when the period is void.
    """
    ensure(actor, Permission.SHARING_RECORD)
    with db.transaction(actor):
        recipient = accounts.get_organisation(case.cellule_id, organisation)
        rules.check_agreement(recipient.kind, labels, form, witness, starts_on, ends_on, clock.today())
        agreement = SharingAgreement(
            cellule_id=case.cellule_id,
            case_id=case.case_id,
            organisation_id=recipient.id,
            labels=frozenset(labels),
            purpose=purpose,
            form=form,
            witness=witness,
            starts_on=starts_on,
            ends_on=ends_on,
            recorded_by_id=actor.user_id,
            recorded_at=clock.now(),
        )
        db.session().add(agreement)
        audit.record(
            actor,
            "sharing.record",
            case_id=case.case_id,
            subject=agreement,
            organisation=recipient.id,
            labels=sorted(labels),
        )
    return agreement


def withdraw_agreement(actor: Actor, case: CaseKey, agreement_id: str, *, version: int) -> SharingAgreement:
    """End an agreement today: the organisation sees no more from its next request on.

    Raises `Conflict` when it changed meanwhile, `RuleViolation` when it is withdrawn already.
    """
    ensure(actor, Permission.SHARING_RECORD)
    with db.transaction(actor):
        agreement = queries.get_agreement(case.cellule_id, case.case_id, agreement_id, lock=True)
        if agreement.withdrawn_on is not None:
            raise RuleViolation(
                f"Cet accord est déjà retiré depuis le {agreement.withdrawn_on:%d/%m/%Y} : il n’y a rien à faire."
            )
        if agreement.version != version:
            raise Conflict("Cet accord a changé entre-temps. Rechargez la page, puis recommencez.")
        agreement.withdrawn_on = clock.today()
        agreement.version += 1
        audit.record(
            actor,
            "sharing.withdraw",
            case_id=case.case_id,
            subject=agreement,
            organisation=agreement.organisation_id,
        )
    return agreement
