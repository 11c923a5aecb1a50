"""Record and withdraw sharing agreements. The caller has checked that the actor may see the case."""

from collections.abc import Sequence
from datetime import date

from pdp.accounts import queries as accounts
from pdp.audit import service as audit
from pdp.consent import notices, queries, rules
from pdp.consent.enums import AgreementEnd, WithdrawalMeans
from pdp.consent.models import SharingAgreement
from pdp.consent.rules import Terms
from pdp.consent.service import ends
from pdp.consent.service.keys import CaseKey
from pdp.core import clock, db
from pdp.core.errors import Conflict, RuleViolation
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_OTHER_MEANWHILE = (
    "Un autre accord avec cet organisme a été enregistré entre-temps. Rien n’est perdu : relisez-le dans la page "
    "du partage, puis enregistrez de nouveau si celui-ci doit le remplacer."
)


def record_agreement(
    actor: Actor, case: CaseKey, terms: Terms, *, organisation: str, replaces: str | None = None
) -> SharingAgreement:
    """Record what the insured agreed to share with an organisation (by its public id).

    It takes the place, from its first day, of the agreements that the organisation had: their history is
    kept. `replaces` is the public id of the one that the form showed, empty for none; None does not check.
    Raises `InvalidInput` when the agreement could not be proved, `Conflict` when another came meanwhile.
    """
    ensure(actor, Permission.SHARING_RECORD)
    with db.transaction(actor):
        recipient = accounts.get_organisation(case.cellule_id, organisation)
        rules.check_terms(recipient.kind, terms, clock.today(), notices.codes())
        former = queries.list_standing(case.cellule_id, case.case_id, clock.today(), recipient.id)
        newest = former[-1] if former else None
        if replaces is not None and replaces != (newest.public_id if newest else ""):
            raise Conflict(_OTHER_MEANWHILE)
        agreement = _new(actor, case, terms, recipient.id, newest)
        db.session().add(agreement)
        audit.record(
            actor,
            "sharing.record",
            case_id=case.case_id,
            subject=agreement,
            organisation=recipient.id,
            labels=sorted(terms.labels),
            replaces=newest.id if newest else None,
        )
        _replace(actor, former, agreement.starts_on)
    return agreement


def withdraw_agreement(
    actor: Actor,
    case: CaseKey,
    agreement_id: str,
    *,
    version: int,
    withdrawn_on: date | None = None,
    means: WithdrawalMeans | None = None,
    reason: str = "",
) -> SharingAgreement:
    """End an agreement today: the organisation sees no more from its next request on.

    `withdrawn_on` is the day on which the insured said so. Raises `Conflict` when the agreement changed
    meanwhile, `RuleViolation` when it is over already, `InvalidInput` for a day to come.
    """
    ensure(actor, Permission.SHARING_RECORD)
    with db.transaction(actor):
        agreement = queries.get_agreement(case.cellule_id, case.case_id, agreement_id, lock=True)
        _refuse_over(agreement)
        if agreement.version != version:
            raise Conflict("Cet accord a changé entre-temps. Rechargez la page, puis recommencez.")
        day = withdrawn_on or clock.today()
        rules.check_withdrawal(day, agreement.starts_on, clock.today())
        agreement.withdrawn_on, agreement.end_kind = day, AgreementEnd.WITHDRAWN
        agreement.withdrawal_means, agreement.withdrawal_reason = means, reason
        agreement.withdrawn_by_id = actor.user_id
        agreement.version += 1
        audit.record(
            actor,
            "sharing.withdraw",
            case_id=case.case_id,
            subject=agreement,
            organisation=agreement.organisation_id,
        )
        db.session().flush()
        ends.draw(actor, agreement)
    return agreement


def _refuse_over(agreement: SharingAgreement) -> None:
    if agreement.withdrawn_on is not None and agreement.withdrawn_on <= clock.today():
        raise RuleViolation(
            f"Cet accord est déjà retiré depuis le {agreement.withdrawn_on:%d/%m/%Y} : il n’y a rien à faire."
        )


def _new(
    actor: Actor, case: CaseKey, terms: Terms, organisation_id: int, former: SharingAgreement | None
) -> SharingAgreement:
    return SharingAgreement(
        cellule_id=case.cellule_id,
        case_id=case.case_id,
        organisation_id=organisation_id,
        labels=frozenset(terms.labels),
        purpose_code=terms.purpose_code,
        purpose=terms.purpose,
        notice=terms.notice,
        informed_on=terms.informed_on,
        agreed_on=terms.agreed_on,
        place=terms.place,
        form=terms.form,
        witness=terms.witness,
        collected_by=terms.collected_by,
        replaces_id=former.id if former else None,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )


def _replace(actor: Actor, former: Sequence[SharingAgreement], starts_on: date) -> None:
    """End the former agreements on the first day of the new one; one that ends before runs to its term."""
    first_day = max(starts_on, clock.today())
    replaced = [row for row in former if row.ends_on is None or row.ends_on >= first_day]
    for row in replaced:
        row.withdrawn_on, row.end_kind = first_day, AgreementEnd.REPLACED
        row.version += 1
    db.session().flush()
    if first_day == clock.today():
        for row in replaced:
            ends.draw(actor, row)
