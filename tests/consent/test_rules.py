"""Sharing agreements: where they stand, and what they may open, against tables written by hand."""

from datetime import date

import pytest

from pdp.accounts.enums import OrganisationKind
from pdp.consent.enums import AgreementForm, AgreementStatus
from pdp.consent.rules import check_agreement, grantable, status_on
from pdp.core.errors import InvalidInput
from pdp.policy.labels import Label
from pdp.policy.visibility import AgreementFacts

TODAY = date(2026, 3, 10)
YESTERDAY, TOMORROW = date(2026, 3, 9), date(2026, 3, 11)
FORMER = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("starts", "ends", "withdrawn", "status"),
    [
        (FORMER, None, None, AgreementStatus.IN_FORCE),
        (TODAY, TODAY, None, AgreementStatus.IN_FORCE),
        (TOMORROW, None, None, AgreementStatus.FUTURE),
        (FORMER, YESTERDAY, None, AgreementStatus.EXPIRED),
        (FORMER, None, TODAY, AgreementStatus.WITHDRAWN),
        (FORMER, None, TOMORROW, AgreementStatus.IN_FORCE),
        (FORMER, YESTERDAY, YESTERDAY, AgreementStatus.WITHDRAWN),
        (TOMORROW, None, TODAY, AgreementStatus.WITHDRAWN),
    ],
)
def test_an_agreement_stands_where_its_dates_say(
    starts: date, ends: date | None, withdrawn: date | None, status: AgreementStatus
) -> None:
    facts = AgreementFacts(1, frozenset({Label.IDENTITY}), starts, ends, withdrawn)
    assert status_on(facts, TODAY) is status
    assert facts.in_force(TODAY) is (status is AgreementStatus.IN_FORCE)


COMMON = {"identity", "employment", "boeth", "plan", "request", "opinion"}
FOLLOWED = {"stoppage", "conclusion", "restrictions", "agreements", "decision", "outcome"}


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("spst", COMMON | FOLLOWED),
        ("cap_emploi", COMMON | FOLLOWED),
        ("comete", COMMON | FOLLOWED),
        ("oeth", COMMON | FOLLOWED),
        ("mdph", COMMON),
        ("service_social", set()),
        ("service_medical", set()),
        ("cpam", set()),
        ("regional", set()),
    ],
)
def test_an_organisation_may_receive_what_its_role_may_read(kind: str, labels: set[str]) -> None:
    assert {label.value for label in grantable(OrganisationKind(kind))} == labels


def _refusal(**changes: object) -> dict[str, list[str]]:
    values: dict[str, object] = {
        "kind": OrganisationKind.MDPH,
        "labels": [Label.IDENTITY],
        "form": AgreementForm.SIGNED,
        "witness": "",
        "starts_on": TODAY,
        "ends_on": None,
        "today": TODAY,
    }
    with pytest.raises(InvalidInput) as refusal:
        check_agreement(**(values | changes))  # type: ignore[arg-type]
    return refusal.value.errors


def test_an_agreement_that_could_not_hold_is_refused_with_the_reason() -> None:
    assert "Cochez" in _refusal(labels=[])["labels"][0]
    assert "arrêts de travail" in _refusal(labels=[Label.IDENTITY, Label.STOPPAGE])["labels"][0]
    assert "zone médicale" in _refusal(labels=[Label.MEDICAL])["labels"][0]
    assert "membre de la cellule" in _refusal(kind=OrganisationKind.CPAM)["organisation"][0]
    assert "témoin" in _refusal(form=AgreementForm.ORAL)["witness"][0]
    assert _refusal(ends_on=YESTERDAY)["ends_on"] == ["La fin (09/03/2026) est avant le début (10/03/2026)."]
    assert "déjà échu" in _refusal(starts_on=FORMER, ends_on=YESTERDAY)["ends_on"][0]


def test_a_sound_agreement_is_accepted() -> None:
    check_agreement(
        OrganisationKind.SPST,
        [Label.IDENTITY, Label.RESTRICTIONS],
        AgreementForm.ORAL,
        "M. Martin, infirmier",
        YESTERDAY,
        TODAY,
        TODAY,
    )
