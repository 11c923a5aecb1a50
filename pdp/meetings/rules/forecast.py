"""What quorum a séance may expect from its seats, before anyone answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pdp.accounts.enums import CORE_KINDS, OrganisationKind
from pdp.core.french import capital, listing
from pdp.meetings.rules.quorum import QuorumRule
from pdp.meetings.rules.words import plural

_SERVICES: dict[OrganisationKind, str] = {
    OrganisationKind.SERVICE_SOCIAL: "le service social",
    OrganisationKind.SERVICE_MEDICAL: "le service médical",
    OrganisationKind.CPAM: "la CPAM",
}


class Outlook(StrEnum):
    """How sure the quorum is."""

    REACHED = "REACHED"
    FRAGILE = "FRAGILE"
    NOT_REACHED = "NOT_REACHED"


@dataclass(frozen=True, slots=True)
class ExpectedSeat:
    """A deliberative seat and how many people may sit in it on the day: none when it is vacant."""

    service: OrganisationKind
    people: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """The outlook with its reason in words."""

    outlook: Outlook
    expected: int
    required: int
    sentence: str


def forecast(rule: QuorumRule, seats: Sequence[ExpectedSeat]) -> Forecast:
    """Say whether the quorum will be reached if every seat that someone holds is taken.

    It is fragile when one absence would break it: either the number is just met, or a service rests
    on one person.
    """
    held = [seat for seat in seats if seat.people]
    required = rule.required(len(seats))
    services = CORE_KINDS if rule.each_service else ()
    people = {kind: sum(seat.people for seat in held if seat.service is kind) for kind in services}
    missing = [_SERVICES[kind] for kind in services if not people[kind]]
    alone = [_SERVICES[kind] for kind in services if people[kind] == 1]
    if len(held) < required or missing:
        return Forecast(Outlook.NOT_REACHED, len(held), required, _lacking(len(held), required, missing))
    head = f"{plural(len(held), 'siège délibératif', 'sièges délibératifs')} sur {len(seats)} {_have(len(held))}"
    need = f"il en faut {required}{', avec les trois services' if rule.each_service else ''}"
    if alone:
        verb, absence = ("repose", "son") if len(alone) == 1 else ("reposent chacun", "une seule")
        rests = f"{capital(listing(alone))} {verb} sur une seule personne"
        end = f"{rests} : {absence} absence ferait tomber le quorum."
        return Forecast(Outlook.FRAGILE, len(held), required, f"{head} ; {need}. {end}")
    if len(held) == required:
        end = "Une seule absence ferait tomber le quorum."
        return Forecast(Outlook.FRAGILE, len(held), required, f"{head} ; {need}. {end}")
    return Forecast(Outlook.REACHED, len(held), required, f"{head} ; {need}.")


def _have(count: int) -> str:
    return "a quelqu’un pour siéger" if count < 2 else "ont quelqu’un pour siéger"


def _lacking(held: int, required: int, missing: Sequence[str]) -> str:
    parts = []
    if held < required:
        parts.append(
            f"{plural(held, 'siège délibératif', 'sièges délibératifs')} {_have(held)}, il en faut {required}."
        )
    if missing:
        verb = "n’a" if len(missing) == 1 else "n’ont"
        parts.append(f"{capital(listing(missing))} {verb} personne pour siéger.")
    return " ".join(parts)
