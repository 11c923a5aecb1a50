"""Write the journal. Each entry joins the transaction of the act it tells, and is sealed at its end."""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from pdp.audit import queries, rules
from pdp.core import clock, crypto, db, french
from pdp.core.trace import request_id
from pdp.policy.actor import Actor

Entry = dict[str, Any]
_PENDING = "journal"

# Called with the entries of a transaction just before they are written, their chains already locked: what
# they count is exact. One that raises refuses the whole act. Wired in `pdp.wiring`.
watchers: list[Callable[[Sequence[Entry]], None]] = []


class Identified(Protocol):
    """A stored row: what an entry may speak of."""

    id: int
    __tablename__: str


def record(
    actor: Actor | None,
    action: str,
    *,
    case_id: int | None = None,
    subject: Any = None,
    refused: bool = False,
    **detail: Any,
) -> None:
    """Add one entry in the transaction under way: who, what, on which object, in which request.

    `subject` is the row acted upon (its table and id are kept). `detail` holds codes, counts and ids
    only: never a name, a text or a search term.
    """
    session = db.session()
    # Row-level security shows an entry to those of its cellule only: the act says for whom it runs.
    scope = db.adopt(actor or db.INSTALLATION)
    if subject is not None and subject.id is None:
        session.flush()
    pending: list[Entry] | None = session.info.get(_PENDING)
    if pending is None:
        pending = session.info[_PENDING] = []
        db.before_commit(_seal_pending)
    pending.append(
        {
            "at": clock.now(),
            "cellule_id": (actor or scope).cellule_id or None,
            "user_id": actor.user_id if actor else None,
            "organisation_id": actor.organisation_id if actor else None,
            "role": actor.role.value if actor else None,
            "action": action,
            "case_id": case_id,
            "object_kind": subject.__tablename__ if subject is not None else None,
            "object_id": subject.id if subject is not None else None,
            "request_id": request_id.get(),
            "refused": refused,
            # As it will be read back: only what JSON can hold is sealed.
            "detail": json.loads(json.dumps(detail)) if detail else None,
        }
    )


def _seal_pending() -> None:
    """Write the entries of the transaction at the end of their chains: three statements whatever their number.

    It runs just before the commit, so that a chain is locked for an instant and a refused act leaves no gap.
    """
    entries: list[Entry] = db.session().info.pop(_PENDING)
    chains: defaultdict[tuple[int, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        chains[entry["cellule_id"] or 0, clock.local(entry["at"]).strftime("%Y-%m")].append(entry)
    sealed: list[Entry] = []
    last_seals: dict[int, str] = {}
    for (cellule_key, month), members in sorted(chains.items(), key=lambda chain: chain[0]):
        places = _places(cellule_key, month, members)
        rows = _sealed(cellule_key, month, members, places)
        sealed += rows
        last_seals[places.segment_id] = rows[-1]["seal"]
    for watcher in watchers:
        watcher(entries)
    queries.add_entries(sealed)
    for segment_id, seal in last_seals.items():
        queries.keep_last_seal(segment_id, seal)


def _places(cellule_key: int, month: str, members: list[Entry]) -> queries.Places:
    now = clock.now()
    places = queries.take_places(cellule_key, month, len(members), key_id=crypto.ring().current, now=now)
    if places.last == len(members) and (older := queries.count_unsealed(cellule_key)) is not None:
        # The first sealed entry says how many came before, so that none can be slipped in among them.
        first = dict.fromkeys(rules.FIELDS) | {"at": members[0]["at"], "cellule_id": members[0]["cellule_id"]}
        members.insert(0, first | {"action": "journal.sealed_from", "refused": False, "detail": {"count": older}})
        places = queries.take_places(cellule_key, month, 1, key_id=places.key_id, now=now)
    return places


def _sealed(cellule_key: int, month: str, members: list[Entry], places: queries.Places) -> list[Entry]:
    key = crypto.ring().derive(places.key_id, rules.JOURNAL_KEY)
    previous, first = places.previous_seal, places.last - len(members) + 1
    rows: list[Entry] = []
    for sequence, entry in enumerate(members, start=first):
        previous = rules.mac(key, rules.entry_body(cellule_key, month, sequence, entry), previous)
        rows.append(entry | {"segment_id": places.segment_id, "sequence": sequence, "seal": previous})
    return rows


def fingerprint(cellule_id: int) -> str:
    """Say in French where the chain of a cellule stands: month, number of entries, beginning of the last seal."""
    last = queries.find_last(cellule_id)
    if last is None:
        return ""
    month, sequence, seal = last
    shown = " ".join(seal[at : at + 4] for at in range(0, 24, 4))
    return f"{french.month(month)}, entrée n°{french.NBSP}{sequence}, {shown}"


def record_refusal(actor: Actor | None, endpoint: str, suspended: bool = False) -> None:
    """Journal a refused access, in a transaction of its own: the refused act has none left.

    An address that no route knows is told apart: it refuses nothing that exists. Raises what a watcher raises.
    """
    action = "access.suspended" if suspended else "access.unknown" if endpoint == "unknown" else "access.refused"
    with db.transaction(actor):
        record(actor, action, refused=True, endpoint=endpoint)
