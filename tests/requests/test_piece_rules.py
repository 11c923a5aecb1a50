"""Who may record each kind of piece: every role against a table written by hand."""

from datetime import date

import pytest

from pdp.core.errors import InvalidInput, RuleViolation
from pdp.dispositifs.enums import AgreementKind
from pdp.policy.roles import Role
from pdp.requests.enums import PieceNature, PieceState
from pdp.requests.rules.pieces import Writer, ensure_recordable, why_not

WRITERS = {
    "ADVISER": {"service_medical"},
    "OCCUPATIONAL": {"service_social", "manager", "spst (médecin)"},
    "ATTENDING": {"service_social", "manager"},
    "EMPLOYER": {"service_social", "manager"},
    "HOST_COMPANY": {"service_social", "manager"},
}
PEOPLE = {role.value: Writer(role) for role in Role} | {"spst (médecin)": Writer(Role.SPST, is_physician=True)}
DAY = date(2026, 3, 3)
AGREEMENT, DOCUMENT = PieceNature.AGREEMENT, PieceNature.DOCUMENT


@pytest.mark.parametrize("kind", AgreementKind)
@pytest.mark.parametrize("who", PEOPLE)
def test_each_agreement_has_its_own_writers(kind: AgreementKind, who: str) -> None:
    refusal = why_not(PEOPLE[who], AGREEMENT, kind.value)
    if who in WRITERS[kind.value]:
        assert refusal is None
    else:
        assert refusal
        assert refusal.endswith(".")


def test_a_physician_of_the_service_medical_alone_answers_for_the_adviser() -> None:
    for writer in (Writer(Role.SPST, is_physician=True), Writer(Role.SERVICE_SOCIAL), Writer(Role.COORDINATEUR)):
        with pytest.raises(RuleViolation, match="service médical"):
            ensure_recordable(
                writer, AGREEMENT, "ADVISER", state=PieceState.GIVEN, dated=DAY, comment="reçu", today=DAY
            )


@pytest.mark.parametrize(
    ("state", "dated", "comment", "expected"),
    [
        (PieceState.GIVEN, None, "certificat", {"dated"}),
        (PieceState.GIVEN, date(2026, 3, 4), "certificat", {"dated"}),
        (PieceState.GIVEN, DAY, "", {"comment"}),
        (PieceState.REFUSED, None, "", {"dated", "comment"}),
        (PieceState.PRESENT, DAY, "certificat", {"state"}),
        (PieceState.MISSING, None, "", set()),
        (PieceState.GIVEN, DAY, "certificat", set()),
    ],
)
def test_an_agreement_recorded_from_a_paper_is_dated_and_names_it(
    state: PieceState, dated: date | None, comment: str, expected: set[str]
) -> None:
    found: set[str] = set()
    try:
        ensure_recordable(
            Writer(Role.SERVICE_SOCIAL), AGREEMENT, "ATTENDING", state=state, dated=dated, comment=comment, today=DAY
        )
    except InvalidInput as error:
        found = set(error.errors)
    assert found == expected


def test_who_answers_in_person_names_no_document() -> None:
    physician = Writer(Role.SPST, is_physician=True)
    ensure_recordable(physician, AGREEMENT, "OCCUPATIONAL", state=PieceState.GIVEN, dated=DAY, comment="", today=DAY)
    adviser = Writer(Role.SERVICE_MEDICAL)
    ensure_recordable(adviser, AGREEMENT, "ADVISER", state=PieceState.REFUSED, dated=DAY, comment="", today=DAY)


def test_a_document_is_present_or_absent() -> None:
    with pytest.raises(InvalidInput):
        ensure_recordable(
            Writer(Role.SERVICE_SOCIAL),
            DOCUMENT,
            "TRIAL_CONVENTION",
            state=PieceState.GIVEN,
            dated=DAY,
            comment="",
            today=DAY,
        )
