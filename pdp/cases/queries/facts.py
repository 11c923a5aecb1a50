"""From a stored case to the facts that the policy judges."""

from pdp.cases.enums import Stage
from pdp.cases.models import Case
from pdp.cases.rules.workflow import ENDED
from pdp.consent.models import SharingAgreement
from pdp.policy.visibility import AgreementFacts, CaseFacts


def case_facts(case: Case) -> CaseFacts:
    """Return what decides who sees the case; its agreements must be loaded (as `get_case` does)."""
    people, organisations = readers_of(case.named)
    return CaseFacts(
        cellule_id=case.cellule_id,
        in_triage=case.stage is Stage.TRIAGE,
        closed=case.stage in ENDED,
        referent_user_id=case.referent_user_id,
        agreements=tuple(agreement_facts(agreement) for agreement in case.agreements),
        case_id=case.id,
        restricted=case.restricted_on is not None,
        readers=people,
        reader_organisations=organisations,
        recused=recused_of(case.recused),
        frozen=case.frozen_on is not None,
        hidden=case.hidden_on is not None,
    )


def readers_of(named: str | None) -> tuple[frozenset[int], frozenset[int]]:
    """Return the people and the organisations that `Case.named` holds."""
    words = named.split() if named else []
    people = frozenset(int(word[1:]) for word in words if word[0] == "u")
    return people, frozenset(int(word[1:]) for word in words if word[0] == "o")


def recused_of(words: str | None) -> frozenset[int]:
    """Return the people that `Case.recused` holds."""
    return frozenset(int(word) for word in words.split()) if words else frozenset()


def agreement_facts(agreement: SharingAgreement) -> AgreementFacts:
    """Return what decides whether an agreement is in force."""
    return AgreementFacts(
        organisation_id=agreement.organisation_id,
        labels=agreement.labels,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        withdrawn_on=agreement.withdrawn_on,
    )
