"""The demo's requests, from `seeds/demo/requests.yaml`, made through the services day after day."""

from collections.abc import Container
from typing import Any

from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.demo.moments import Moments
from pdp.demo.people import People, seed
from pdp.dispositifs.enums import Dispositif
from pdp.requests import queries, service
from pdp.requests.enums import PieceNature, PieceState, RequestAuthor

_UNFINISHED = frozenset({"draft", "proposed"})
# Physicians record their own answer; the service social records one it received on paper.
_OWN_HAND = frozenset({"antoine", "isabelle", "laurent"})


def load_requests(
    people: People, moments: Moments, cases: dict[str, Case], only: Container[str] | None = None
) -> dict[str, str]:
    """Ask for what the seed file says, or for the keys of `only`; return public ids by key."""
    found = {}
    for ask in (ask for ask in seed("requests") if only is None or ask["key"] in only):
        author = people.actor(ask["by"])
        start, end = moments.period(*ask["period"])
        with clock.acting_at(moments.at(ask["day"])):
            found[ask["key"]] = service.create_request(
                author,
                cases[ask["case"]].public_id,
                dispositif=Dispositif(ask["dispositif"]),
                author=RequestAuthor.INSURED,
                purpose=ask["purpose"],
                measure_start=start,
                measure_end=end,
                details=ask.get("details", {}),
            )
        record_pieces(people, moments, found[ask["key"]], ask["pieces"])
        _ask_pieces(people, moments, found[ask["key"]], ask)
        if ask["meeting"] not in _UNFINISHED:
            last = max([ask["day"], *(values[0] for values in ask["pieces"].values())])
            with clock.acting_at(moments.at(last, 17)):
                service.submit(author, found[ask["key"]])
    return found


def record_pieces(people: People, moments: Moments, request: str, pieces: dict[str, list[Any]]) -> None:
    """Record agreements and documents, each by the person who may, on its day."""
    for kind, (offset, by, *refused) in pieces.items():
        with clock.acting_at(moments.at(offset, 11)):
            actor = people.actor(by)
            with db.reading(actor):
                piece = next(p for p in queries.get_request(actor, request).pieces if p.kind == kind)
            agreed = PieceState.REFUSED if refused else PieceState.GIVEN
            service.record_piece(
                actor,
                request,
                piece.public_id,
                version=piece.version,
                state=agreed if piece.nature is PieceNature.AGREEMENT else PieceState.PRESENT,
                dated=moments.on(offset),
                comment="" if by in _OWN_HAND else "document reçu",
            )


def _ask_pieces(people: People, moments: Moments, request: str, ask: dict[str, Any]) -> None:
    for kind in ask.get("asked", []):
        with clock.acting_at(moments.at(ask["day"], 12)):
            actor = people.actor("antoine" if kind == "ADVISER" else ask["by"])
            with db.reading(actor):
                piece = next(p for p in queries.get_request(actor, request).pieces if p.kind == kind)
            service.ask_piece(actor, request, piece.public_id)
