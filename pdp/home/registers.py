"""What waits to be examined and is no deadline of a case: one line per register, counted with the rest.

A register is offered by its feature as a `Select` of how many wait and since when the oldest one does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select

from pdp.cases.queries.emergency import waiting_accesses
from pdp.consultations.queries import awaited_votes
from pdp.convocations.queries import waiting_answers as waiting_convocations
from pdp.core import clock
from pdp.core.french import NBSP
from pdp.letters.queries.register import waiting_refusals
from pdp.meetings.queries.corrections import waiting_corrections
from pdp.members.queries import waiting_reviews
from pdp.merging.queries.proposals import waiting_proposals
from pdp.oversight.queries.reading import waiting_alerts
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can
from pdp.privacy.queries.register import waiting_answers


@dataclass(frozen=True, slots=True)
class Register:
    """A list that someone must work off: for whom, what waits, how it is said, and its page."""

    permission: Permission
    waiting: Callable[[Actor], Select[int, datetime]]
    one: str
    many: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Examination:
    """What a register leaves to do: what, how many, since when, and the page that shows it."""

    event: str
    since: date
    endpoint: str


REGISTERS = (
    Register(
        Permission.MEETING_LIST,
        waiting_convocations,
        "convocation à une séance attend votre réponse",
        "convocations à des séances attendent votre réponse",
        "meetings.list_meetings",
    ),
    Register(
        Permission.VOTE_CAST,
        awaited_votes,
        "vote est attendu de vous par écrit",
        "votes sont attendus de vous par écrit",
        "consultations.list_consultations",
    ),
    Register(
        Permission.OPINION_CORRECT,
        waiting_corrections,
        "rectification d’un vote ou d’un avis attend une seconde personne",
        "rectifications de votes ou d’avis attendent une seconde personne",
        "meetings.list_corrections",
    ),
    Register(
        Permission.LETTER_PRODUCE,
        waiting_refusals,
        "refus attend que son courrier parte",
        "refus attendent que leur courrier parte",
        "letters.list_letters",
    ),
    Register(
        Permission.JOURNAL_READ,
        waiting_alerts,
        "alerte du journal est à examiner",
        "alertes du journal sont à examiner",
        "oversight.list_alerts",
    ),
    Register(
        Permission.EMERGENCY_REVIEW,
        waiting_accesses,
        "accès d’urgence est à examiner",
        "accès d’urgence sont à examiner",
        "cases.emergency_register",
    ),
    Register(
        Permission.RIGHTS_REGISTER,
        waiting_answers,
        "demande d’une personne sur ses données attend sa réponse",
        "demandes de personnes sur leurs données attendent leur réponse",
        "privacy.list_register",
    ),
    Register(
        Permission.ACCESS_REVIEW,
        waiting_reviews,
        "accès est à confirmer ou à retirer",
        "accès sont à confirmer ou à retirer",
        "members.review",
    ),
    Register(
        Permission.PERSON_MERGE,
        waiting_proposals,
        "fusion de deux fiches est à confirmer",
        "fusions de deux fiches sont à confirmer",
        "merging.list_proposals",
    ),
)


def registers_of(actor: Actor) -> tuple[Register, ...]:
    """Return the registers that the actor works off."""
    return tuple(register for register in REGISTERS if can(actor, register.permission))


def examinations(
    registers: Sequence[Register], answers: Sequence[tuple[int, datetime | None]]
) -> tuple[Examination, ...]:
    """Return what waits in the registers, from how many and since when."""
    found = zip(registers, answers, strict=True)
    return tuple(_said(register, count, oldest) for register, (count, oldest) in found if oldest)


def _said(register: Register, count: int, oldest: datetime) -> Examination:
    words = register.one if count == 1 else register.many
    return Examination(f"{count}{NBSP}{words}.", clock.local(oldest).date(), register.endpoint)
