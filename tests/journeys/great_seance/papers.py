"""The minutes of the great séance as each organisation holds them: the cases that it may know, and no other."""

from collections.abc import Callable
from pathlib import Path

from pdp.core.seal import Seal
from pdp.policy.actor import Actor
from tests.journeys.great_seance.agenda import Agenda
from tests.journeys.great_seance.cast import PARTNERS
from tests.minutes.six_recipients import Word, prove
from tests.support.world import PARTNER_LABELS

# The head of a column of the access matrix → who downloads. The other physician took no part in one case.
_READERS = {
    "coordinateur": "coordinateur",
    "service_medical": "service_medical_2",
    "cpam": "cpam",
    "spst": "spst",
    "cap_emploi": "cap_emploi",
    "mdph": "mdph",
}


def check_minutes(agenda: Agenda, actor_of: Callable[[str], Actor], seal: Seal, folder: Path) -> str:
    """Open the files of six recipients in three formats; return the figures."""
    points = (*agenda.points, agenda.added)
    words = sorted({(point.reference, point.case) for point in points})
    opened = frozenset(label.value for label in PARTNER_LABELS)
    agreed = {(point.case, PARTNERS[seat].value): opened for point in points for seat in point.shared}
    return prove(
        {role: actor_of(f"a.{person}") for role, person in _READERS.items()},
        agenda.meeting,
        [Word(reference, "existence", case) for reference, case in words],
        agreed,
        seal=seal,
        folder=folder,
    ).figure
