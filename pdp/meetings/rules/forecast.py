"""What quorum a séance may expect: from its seats before anyone answered, then from the answers."""

from collections.abc import Collection, Sequence
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


class Reply(StrEnum):
    """What is known of a seat before the séance."""

    COMES = "COMES"
    AWAY = "AWAY"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class AnsweredSeat:
    """A deliberative seat, what is announced for it, and who would sit in it."""

    label: str
    service: OrganisationKind
    reply: Reply
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The outlook with its reason in words; `weak` names the seats on which it depends."""

    outlook: Outlook
    expected: int
    required: int
    sentence: str
    weak: tuple[str, ...] = ()


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


def forecast_answers(rule: QuorumRule, seats: Sequence[AnsweredSeat], recused: Collection[int] = ()) -> Forecast:
    """Say what the answers let expect, for one case; `recused` names the people who take no part in it.

    Not reached: even with all who did not answer. Fragile: it depends on them, or one absence would break it.
    """
    coming = [seat for seat in seats if seat.reply is Reply.COMES and seat.person not in recused]
    unknown = [seat for seat in seats if seat.reply is Reply.UNKNOWN and seat.person not in recused]
    away = [seat for seat in seats if seat not in coming and seat not in unknown]
    required = rule.required(len(seats))
    possible = [*coming, *unknown]
    if _lacks(rule, possible, required):
        services = _absent(rule, possible)
        weak = [seat for seat in away if not services or seat.service in services]
        return _answered(Outlook.NOT_REACHED, rule, seats, coming, required, weak, _impossible(possible, required))
    if _lacks(rule, coming, required):
        services = _absent(rule, coming)
        weak = [seat for seat in unknown if len(coming) < required or seat.service in services]
        end = f"{plural(len(unknown), 'siège n’a', 'sièges n’ont')} pas répondu, et le quorum en dépend."
        return _answered(Outlook.FRAGILE, rule, seats, coming, required, weak, end)
    weak = [seat for seat in coming if _lacks(rule, [other for other in coming if other is not seat], required)]
    end = "Une seule absence parmi eux ferait tomber le quorum." if weak else ""
    outlook = Outlook.FRAGILE if weak else Outlook.REACHED
    return _answered(outlook, rule, seats, coming, required, weak, end)


def _absent(rule: QuorumRule, seats: Sequence[AnsweredSeat]) -> list[OrganisationKind]:
    there = {seat.service for seat in seats}
    return [kind for kind in CORE_KINDS if kind not in there] if rule.each_service else []


def _lacks(rule: QuorumRule, seats: Sequence[AnsweredSeat], required: int) -> bool:
    return len(seats) < required or bool(_absent(rule, seats))


def _impossible(possible: Sequence[AnsweredSeat], required: int) -> str:
    if len(possible) < required:
        return "Même si tous ceux qui n’ont pas répondu viennent, le nombre n’y est pas."
    return "Même si tous ceux qui n’ont pas répondu viennent, un service ne siège pas."


def _answered(
    outlook: Outlook,
    rule: QuorumRule,
    seats: Sequence[AnsweredSeat],
    coming: Sequence[AnsweredSeat],
    required: int,
    weak: Sequence[AnsweredSeat],
    end: str,
) -> Forecast:
    comes = "a annoncé sa venue" if len(coming) < 2 else "ont annoncé leur venue"
    head = f"{plural(len(coming), 'siège délibératif', 'sièges délibératifs')} sur {len(seats)} {comes}"
    need = f"il en faut {required}{', avec les trois services' if rule.each_service else ''}"
    labels = tuple(seat.label for seat in weak)
    named = f"À surveiller : {listing(labels)}." if labels else ""
    sentence = " ".join(part for part in (f"{head} ; {need}.", end, named) if part)
    return Forecast(outlook, len(coming), required, sentence, labels)


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
