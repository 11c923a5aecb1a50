"""The demo's letters: a refusal to send, one that a partner received, and a sentence that the cellule changed."""

from datetime import timedelta

from pdp.core import clock
from pdp.demo.moments import Moments
from pdp.demo.people import People
from pdp.letters import service
from pdp.letters.enums import LetterKind, SendingMeans
from pdp.letters.service.compose import Order

_REFUSED, _TOLD, _PARTNER = "michel_rem", "valerie_ee1", "spst"
_TEXT = "reserves-visite"
_ADDRESS = "4 rue des Tilleuls\n53000 Laval"


def write_letters(people: People, moments: Moments, requests: dict[str, str]) -> None:
    """Produce the letter of the refusal, tell a partner what followed from the séance, and change a sentence."""
    coordinator, decided = people.actor("claire"), moments.past_meeting() + timedelta(days=6)
    with clock.acting_at(moments.past_meeting() - timedelta(days=20)):
        text, _ = service.read_text(coordinator, _TEXT)
        service.save_text(
            coordinator,
            _TEXT,
            kind=text.kind,
            title=text.title,
            body="La visite de préreprise a lieu avant le premier jour, à la demande du service social s’il le faut.",
            source=text.source,
        )
    with clock.acting_at(decided):
        order = Order(LetterKind.REFUSAL, address=_ADDRESS)
        service.produce_letter(coordinator, requests[_REFUSED], order, fictitious=True)
        told = Order(LetterKind.PARTNER, people.organisations[_PARTNER].public_id)
        letter = service.produce_letter(coordinator, requests[_TOLD], told, fictitious=True)
    with clock.acting_at(decided + timedelta(hours=1)):
        service.record_sent(coordinator, letter, sent_on=clock.today(), means=SendingMeans.SITE)
