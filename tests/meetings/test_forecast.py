"""The quorum expected before a séance, against sentences written by hand."""

import pytest

from pdp.accounts.enums import OrganisationKind
from pdp.meetings.rules.forecast import ExpectedSeat, Outlook, forecast
from pdp.meetings.rules.quorum import QuorumRule

SOCIAL, MEDICAL, CPAM = OrganisationKind.SERVICE_SOCIAL, OrganisationKind.SERVICE_MEDICAL, OrganisationKind.CPAM


def _seats(social: tuple[int, ...], medical: tuple[int, ...], cpam: tuple[int, ...]) -> list[ExpectedSeat]:
    """Return seats with the number of people who may sit in each."""
    held = ((SOCIAL, social), (MEDICAL, medical), (CPAM, cpam))
    return [ExpectedSeat(kind, people) for kind, seats in held for people in seats]


@pytest.mark.parametrize(
    ("seats", "outlook", "sentence"),
    [
        (
            _seats((1, 1), (1, 1), (1, 1)),
            Outlook.REACHED,
            "6 sièges délibératifs sur 6 ont quelqu’un pour siéger ; il en faut 3, avec les trois services.",
        ),
        (
            _seats((2, 1), (1, 0), (1, 1)),
            Outlook.FRAGILE,
            "5 sièges délibératifs sur 6 ont quelqu’un pour siéger ; il en faut 3, avec les trois services. "
            "Le service médical repose sur une seule personne : son absence ferait tomber le quorum.",
        ),
        (
            _seats((2, 1), (1, 0), (0, 1)),
            Outlook.FRAGILE,
            "4 sièges délibératifs sur 6 ont quelqu’un pour siéger ; il en faut 3, avec les trois services. "
            "Le service médical et la CPAM reposent chacun sur une seule personne : "
            "une seule absence ferait tomber le quorum.",
        ),
        (
            _seats((2, 0), (2, 0), (2, 0)),
            Outlook.FRAGILE,
            "3 sièges délibératifs sur 6 ont quelqu’un pour siéger ; il en faut 3, avec les trois services. "
            "Une seule absence ferait tomber le quorum.",
        ),
        (
            _seats((1, 1), (0, 0), (1, 1)),
            Outlook.NOT_REACHED,
            "Le service médical n’a personne pour siéger.",
        ),
        (
            _seats((1, 0), (0, 0), (1, 0)),
            Outlook.NOT_REACHED,
            "2 sièges délibératifs ont quelqu’un pour siéger, il en faut 3. "
            "Le service médical n’a personne pour siéger.",
        ),
        (
            _seats((0, 0), (0, 0), (1, 0)),
            Outlook.NOT_REACHED,
            "1 siège délibératif a quelqu’un pour siéger, il en faut 3. "
            "Le service social et le service médical n’ont personne pour siéger.",
        ),
    ],
)
def test_the_forecast_names_what_is_weak(seats: list[ExpectedSeat], outlook: Outlook, sentence: str) -> None:
    found = forecast(QuorumRule(50, each_service=True), seats)
    assert (found.outlook, found.sentence.replace("\u00a0", " ")) == (outlook, sentence)


def test_without_composition_only_the_number_counts() -> None:
    found = forecast(QuorumRule(50, each_service=False), _seats((1, 1), (0, 0), (1, 1)))
    sentence = "4 sièges délibératifs sur 6 ont quelqu’un pour siéger ; il en faut 3."
    assert (found.outlook, found.sentence.replace("\u00a0", " ")) == (Outlook.REACHED, sentence)
