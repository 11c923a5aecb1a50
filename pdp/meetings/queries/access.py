"""What of the cases on an agenda an actor may see today."""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, and_, select, true

from pdp.accounts.enums import CORE_KINDS
from pdp.accounts.models import Organisation
from pdp.cases.enums import Stage
from pdp.cases.models import Case
from pdp.cases.queries.facts import agreement_facts, readers_of, recused_of
from pdp.cases.queries.visibility import visible_to
from pdp.cases.rules.workflow import ENDED
from pdp.consent.models import SharingAgreement
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.visibility import CaseFacts, can_see_case, readable_labels


def case_facts(
    cellule_id: int, case_ids: Collection[int], organisation_ids: Collection[int] | None = None
) -> Mapping[int, CaseFacts]:
    """Return, in one statement, what decides who sees each case.

    With `organisation_ids`, only the agreements of these organisations are read.
    """
    agreed = [SharingAgreement.case_id == Case.id, SharingAgreement.cellule_id == Case.cellule_id]
    if organisation_ids is not None:
        agreed.append(SharingAgreement.organisation_id.in_(organisation_ids))
    rows = db.session().execute(
        select(
            Case.id,
            Case.stage,
            Case.referent_user_id,
            Case.restricted_on,
            Case.named,
            Case.recused,
            Case.frozen_on,
            Case.hidden_on,
            SharingAgreement,
        )
        .outerjoin(SharingAgreement, and_(*agreed))
        .where(Case.cellule_id == cellule_id, Case.id.in_(case_ids))
    )
    facts: dict[int, CaseFacts] = {}
    for key, stage, referent, restricted_on, named, recused, frozen_on, hidden_on, agreement in rows:
        people, organisations = readers_of(named)
        earlier = facts[key].agreements if key in facts else ()
        added = (agreement_facts(agreement),) if agreement else ()
        facts[key] = CaseFacts(
            cellule_id=cellule_id,
            in_triage=stage is Stage.TRIAGE,
            closed=stage in ENDED,
            referent_user_id=referent,
            agreements=(*earlier, *added),
            case_id=key,
            restricted=restricted_on is not None,
            readers=people,
            reader_organisations=organisations,
            recused=recused_of(recused),
            frozen=frozen_on is not None,
            hidden=hidden_on is not None,
        )
    return facts


def labels_by_case(actor: Actor, case_ids: Collection[int]) -> Mapping[int, frozenset[Label]]:
    """Return the labels that the actor may read today of each of these cases of its cellule."""
    facts = case_facts(actor.cellule_id, case_ids, [actor.organisation_id])
    return {key: readable_labels(actor, found, clock.today()) for key, found in facts.items()}


def opens(actor: Actor, case: Case) -> bool:
    """Tell whether a member of the core may know of a loaded case: not of a restricted one, unless named."""
    people, organisations = readers_of(case.named)
    facts = CaseFacts(
        cellule_id=case.cellule_id,
        in_triage=case.stage is Stage.TRIAGE,
        closed=case.stage in ENDED,
        referent_user_id=case.referent_user_id,
        case_id=case.id,
        restricted=case.restricted_on is not None,
        readers=people,
        reader_organisations=organisations,
        recused=recused_of(case.recused),
        frozen=case.frozen_on is not None,
        hidden=case.hidden_on is not None,
    )
    return can_see_case(actor, facts, clock.today())


def may_sit(case: Case, user_id: int) -> bool:
    """Tell whether a person of the core may take part when this case is examined."""
    if is_recused(case, user_id):
        return False
    people, _ = readers_of(case.named)
    return case.restricted_on is None or user_id == case.referent_user_id or user_id in people


def is_recused(case: Case, user_id: int) -> bool:
    """Tell whether a person declared a conflict of interest in a loaded case."""
    return user_id in recused_of(case.recused)


def known(actor: Actor) -> ColumnElement[bool]:
    """Return the filter over `Case` of what a member of the core may know; a partner's rights come apart."""
    return visible_to(actor, clock.today()) if actor.is_core else true()


def ensure_can_follow(actor: Actor, case_id: int) -> None:
    """Raise `NotFound` unless the actor may read today what is asked for this case.

    A sharing agreement withdrawn since the ballot opened stops the partner at once. What the core may know
    of was already asked of the database (`known`).
    """
    if actor.is_core:
        return
    if Label.REQUEST not in labels_by_case(actor, [case_id]).get(case_id, frozenset()):
        raise NotFound


def is_frozen(cellule_id: int, case_id: int) -> bool:
    """Tell whether the processing of the person of a case is restricted."""
    wanted = select(Case.frozen_on).where(Case.cellule_id == cellule_id, Case.id == case_id)
    return db.session().scalar(wanted) is not None


def partners_following(cellule_id: int, case_id: int, organisation_ids: Collection[int]) -> frozenset[int]:
    """Return which partner organisations have an agreement in force that opens the request of a case."""
    facts = case_facts(cellule_id, [case_id], organisation_ids).get(case_id)
    return followers(facts) if facts else frozenset()


def may_be_called(cellule_id: int, case_id: int, organisation: Organisation) -> bool:
    """Tell whether people of an organisation may be told of a case: a partner only while it follows it."""
    if organisation.kind in CORE_KINDS:
        return True
    return bool(partners_following(cellule_id, case_id, [organisation.id]))


def followers(facts: CaseFacts) -> frozenset[int]:
    """Return which organisations have an agreement in force that opens the request of a case."""
    if facts.closed or facts.frozen:
        return frozenset()
    return frozenset(
        agreement.organisation_id
        for agreement in facts.agreements
        if not facts.restricted or agreement.organisation_id in facts.reader_organisations
        if agreement.in_force(clock.today()) and Label.REQUEST in agreement.labels
    )
