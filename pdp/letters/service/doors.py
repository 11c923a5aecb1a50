"""Who may open a letter that was produced."""

from pdp.cases.models import Case
from pdp.cases.queries import case_facts
from pdp.core import clock
from pdp.core.errors import NotFound
from pdp.letters.models import Letter
from pdp.letters.queries.register import get_letter
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.visibility import readable_labels


def is_open(actor: Actor, letter: Letter, case: Case) -> bool:
    """Tell whether the actor may open a letter: all that it says, and for a partner its own alone, once sent."""
    readable = readable_labels(actor, case_facts(case), clock.today())
    if not readable:
        return False
    if actor.is_partner:
        own = letter.organisation_id == actor.organisation_id and letter.sent_on is not None
        return own and letter.labels <= readable | {Label.ACTION}
    return letter.labels <= readable


def opened(actor: Actor, public_id: str, *, lock: bool = False) -> tuple[Letter, Case]:
    """Return a letter and its case. Raises `NotFound` when it is not the actor's to open."""
    letter, case = get_letter(actor, public_id, lock=lock)
    if not is_open(actor, letter, case):
        raise NotFound
    return letter, case
