"""Sharing agreements: where they stand, and what they may open, against tables written by hand."""

from datetime import date

import pytest

from pdp.accounts.enums import OrganisationKind
from pdp.consent.enums import AgreementEnd, AgreementForm, AgreementPeriod, AgreementStatus, PurposeCode
from pdp.consent.rules import Terms, check_terms, grantable, status_on
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


NOTICES = frozenset({"2026-01"})


def _terms(**changes: object) -> Terms:
    values: dict[str, object] = {
        "labels": [Label.IDENTITY],
        "purpose_code": PurposeCode.TITLE,
        "notice": "2026-01",
        "informed_on": YESTERDAY,
        "agreed_on": TODAY,
        "place": "Brest",
        "form": AgreementForm.SIGNED,
        "collected_by": "Mme Essai",
        "starts_on": TODAY,
    }
    return Terms(**(values | changes))  # type: ignore[arg-type]


def _refusal(kind: str = "mdph", **changes: object) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as refusal:
        check_terms(OrganisationKind(kind), _terms(**changes), TODAY, NOTICES)
    return refusal.value.errors


def test_an_agreement_that_could_not_hold_is_refused_with_the_reason() -> None:
    assert "Cochez" in _refusal(labels=[])["labels"][0]
    assert "arrêts de travail" in _refusal(labels=[Label.IDENTITY, Label.STOPPAGE])["labels"][0]
    assert "zone médicale" in _refusal(labels=[Label.MEDICAL])["labels"][0]
    assert "membre de la cellule" in _refusal("cpam")["organisation"][0]
    assert "témoin" in _refusal(form=AgreementForm.ORAL)["witness"][0]
    assert _refusal(ends_on=YESTERDAY)["ends_on"] == ["La fin (09/03/2026) est avant le début (10/03/2026)."]
    assert (
        "déjà échu"
        in _refusal(agreed_on=FORMER, informed_on=FORMER, starts_on=FORMER, ends_on=YESTERDAY)["ends_on"][0]
    )


def test_an_agreement_that_could_not_be_proved_is_refused_with_the_reason() -> None:
    assert "à quoi sert" in _refusal(purpose_code=PurposeCode.OTHER)["purpose"][0]
    assert "futur" in _refusal(agreed_on=TOMORROW, starts_on=TOMORROW)["agreed_on"][0]
    assert "avant de donner" in _refusal(informed_on=TODAY, agreed_on=YESTERDAY)["informed_on"][0]
    assert "avant l’accord" in _refusal(starts_on=YESTERDAY)["starts_on"][0]
    assert "liste" in _refusal(notice="1999-01")["notice"][0]
    assert "Écrivez la date" in _refusal(period=AgreementPeriod.DATE)["ends_on"][0]
    assert "effacez-la" in _refusal(period=AgreementPeriod.CASE_END, ends_on=TOMORROW)["ends_on"][0]


def test_every_reason_is_told_at_once() -> None:
    found = _refusal(labels=[], form=AgreementForm.ORAL, agreed_on=TOMORROW, starts_on=TOMORROW, ends_on=TODAY)
    assert set(found) == {"labels", "witness", "agreed_on", "ends_on"}


def test_a_sound_agreement_is_accepted() -> None:
    terms = _terms(
        labels=[Label.IDENTITY, Label.RESTRICTIONS],
        form=AgreementForm.ORAL,
        witness="M. Martin, infirmier",
        agreed_on=YESTERDAY,
        starts_on=YESTERDAY,
        period=AgreementPeriod.DATE,
        ends_on=TODAY,
    )
    check_terms(OrganisationKind.SPST, terms, TODAY, NOTICES)


def test_what_stopped_an_agreement_is_told_in_its_status() -> None:
    facts = AgreementFacts(1, frozenset({Label.IDENTITY}), FORMER, None, TODAY)
    told = {kind: status_on(facts, TODAY, kind).value for kind in AgreementEnd}
    assert told == {
        AgreementEnd.WITHDRAWN: "withdrawn",
        AgreementEnd.REPLACED: "replaced",
        AgreementEnd.CASE_ENDED: "case_ended",
        AgreementEnd.EXPIRED: "withdrawn",
    }
