"""What features above a case tell its pages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pdp.policy.actor import Actor

if TYPE_CHECKING:
    from pdp.cases.models import Case
    from pdp.cases.rules.view import ContestedView
    from pdp.policy.labels import Label

ProofFinder = Callable[[Actor, "Case"], Mapping[str, str]]
# Each answers, inside a transaction, the pieces that prove agreements of a case, as far as the actor may
# read them: public id of the agreement → public id of the piece.
proof_finders: list[ProofFinder] = []


def find_proofs(actor: Actor, case: "Case") -> Mapping[str, str]:
    """Return the piece that proves each agreement of a case, for those that have one."""
    found: dict[str, str] = {}
    for finder in proof_finders:
        found.update(finder(actor, case))
    return found


ContestFinder = Callable[["Case", frozenset["Label"]], Sequence["ContestedView"]]
# Each answers, inside a transaction, what the person contests of a case under these labels.
contest_finders: list[ContestFinder] = []


def find_contested(case: "Case", labels: frozenset["Label"]) -> tuple["ContestedView", ...]:
    """Return what the person contests, under the labels that the reader reads."""
    return tuple(found for finder in contest_finders for found in finder(case, labels))


# Answers the records that may be a person about to be recorded, compared trait by trait, as far as the actor
# may read them; in a transaction of its own.
HomonymFinder = Callable[[Actor, str, str, date], Sequence[Any]]
homonym_finders: list[HomonymFinder] = []


def find_homonyms(actor: Actor, family_name: str, given_name: str, birth_date: date) -> tuple[Any, ...]:
    """Return the records that may be this person."""
    return tuple(found for finder in homonym_finders for found in finder(actor, family_name, given_name, birth_date))


AlertFinder = Callable[[Actor, "Case"], Sequence[str]]
# Each answers, inside a transaction, what the synthesis of a case must say at its top to this reader.
alert_finders: list[AlertFinder] = []


def find_alerts(actor: Actor, case: "Case") -> tuple[str, ...]:
    """Return what awaits the reader about the rights of the person."""
    return tuple(found for finder in alert_finders for found in finder(actor, case))
