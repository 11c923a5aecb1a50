"""Hide a case, bring it back, erase it: each in one transaction, each judged again under a lock."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from pdp.audit import service as audit
from pdp.cases.models import Case, InsuredPerson
from pdp.core import clock, crypto, db
from pdp.core.ids import new_public_id
from pdp.retention import erasures, queries
from pdp.retention.enums import ErasureState, Standing
from pdp.retention.models import CaseErasure, ClosedCaseTally
from pdp.retention.queries import CaseRow, Line
from pdp.retention.rules import SHORTEST_HIDING, Rules, last_contact
from pdp.retention.service.minutes import empty_minutes

_CERTIFICATE = "erasure certificate"


def hide(cellule_id: int, case_id: int, kept: Rules) -> bool:
    """Hide a case whose time is over; return whether it was: what changed meanwhile is seen under the lock."""
    with db.transaction(db.Upkeep(cellule_id)) as session:
        row = queries.find_case(cellule_id, case_id, lock=True)
        today = clock.today()
        if row is None or row.standing(kept, today) is not Standing.DUE:
            return False
        case = session.get_one(Case, case_id)
        person = session.get_one(InsuredPerson, row.person_id)
        case.hidden_on = today
        case.version += 1
        erasure = CaseErasure(
            cellule_id=cellule_id,
            case_id=case_id,
            state=ErasureState.HIDDEN,
            last_contact_on=last_contact(row.clock, today) or today,
            hidden_at=clock.now(),
            erase_on=today + timedelta(days=max(kept.hidden_days, SHORTEST_HIDING)),
            case_mark=erasures.case_mark(case.public_id),
            person_mark=erasures.person_mark(person.public_id),
        )
        session.add(erasure)
        session.flush()
        audit.record(None, "retention.hide", case_id=case_id, subject=erasure)
    return True


def erase(cellule_id: int, case_id: int, kept: Rules) -> bool:
    """Erase a case hidden long enough; return whether it was. All its rows go, or none."""
    with db.transaction(db.Upkeep(cellule_id)):
        row = queries.find_case(cellule_id, case_id, lock=True)
        erasure = queries.find_hidden(cellule_id, case_id)
        if row is None or erasure is None or row.standing(kept, clock.today()) is not Standing.READY:
            return False
        _erase(row, erasure)
    write_lines(cellule_id)
    return True


def erase_again(line: erasures.Erased) -> bool:
    """Erase a case that a restored backup brought back; return whether it was there."""
    with db.transaction(db.Upkeep(line.cellule)) as session:
        row = queries.find_case(line.cellule, line.case, lock=True)
        if row is None or erasures.case_mark(row.public_id) != line.case_mark:
            return False
        erasure = queries.find_hidden(line.cellule, line.case)
        if erasure is None:
            erasure = CaseErasure(
                public_id=new_public_id(),
                cellule_id=line.cellule,
                case_id=line.case,
                state=ErasureState.HIDDEN,
                last_contact_on=datetime.fromisoformat(line.last_contact_on).date(),
                hidden_at=datetime.fromisoformat(line.hidden_at),
                erase_on=datetime.fromisoformat(line.at).date(),
                case_mark=line.case_mark,
                person_mark=line.person_mark,
            )
            session.add(erasure)
            session.flush()
        # The database erases no case that anybody still sees.
        session.get_one(Case, row.id).hidden_on = clock.today()
        _erase(row, erasure, again=True)
    return True


def write_lines(cellule_id: int) -> int:
    """Write to the erasures' file what it does not hold yet; return how many lines.

    The line comes after the commit, so that the file never speaks of a case that is still there; a crash in
    between leaves it to the next run.
    """
    with db.transaction(db.Upkeep(cellule_id)):
        missing = queries.list_erasures(cellule_id, unwritten=True)
        if not missing:
            return 0
        erasures.append([_line(erasure) for erasure in missing])
        for erasure in missing:
            erasure.written_at = clock.now()
        audit.record(None, "retention.write", count=len(missing))
    return len(missing)


def _erase(row: CaseRow, erasure: CaseErasure, *, again: bool = False) -> None:
    session, cellule_id = db.session(), erasure.cellule_id
    erasure.state = ErasureState.ERASING
    session.flush()
    versions = empty_minutes(cellule_id, row.id, row.public_id)
    for figure, count in queries.facts(cellule_id, row.id).items():
        _count(cellule_id, figure, count)
    session.flush()
    counts = queries.erase(cellule_id, row.id)
    erasure.state = ErasureState.ERASED
    erasure.ended_at = clock.now()
    erasure.counts = {table: count for table, count in counts.items() if count} | {"minutes_version": versions}
    erasure.certificate = certificate(erasure)
    if again:
        erasure.written_at = clock.now()
    session.flush()
    audit.record(None, "retention.erase", case_id=row.id, subject=erasure, rows=sum(counts.values()), again=again)


def certificate(erasure: CaseErasure) -> str:
    """Return the seal of an erasure: `key id:HMAC-SHA256` over what was erased, and when."""
    assert erasure.ended_at is not None
    key_id = crypto.ring().current
    return f"{key_id}:{_mac(key_id, erasure, erasure.counts or {})}"


def is_certified(erasure: CaseErasure) -> bool:
    """Tell whether the certificate of an erasure holds."""
    key_id, _, mac = (erasure.certificate or "0:").partition(":")
    return hmac.compare_digest(mac, _mac(int(key_id), erasure, erasure.counts or {}))


def _mac(key_id: int, erasure: CaseErasure, counts: Mapping[str, int]) -> str:
    values = [
        erasure.cellule_id,
        erasure.case_id,
        erasure.case_mark,
        erasure.hidden_at.isoformat(),
        erasure.ended_at.isoformat() if erasure.ended_at else "",
        dict(sorted(counts.items())),
    ]
    key = crypto.ring().derive(key_id, _CERTIFICATE)
    return hmac.new(key, json.dumps(values).encode(), hashlib.sha256).hexdigest()


def _line(erasure: CaseErasure) -> erasures.Erased:
    assert erasure.ended_at is not None
    return erasures.Erased(
        at=erasure.ended_at.isoformat(timespec="seconds"),
        cellule=erasure.cellule_id,
        case=erasure.case_id,
        case_mark=erasure.case_mark,
        # A person of whom another case remains is not erased.
        person_mark=erasure.person_mark if (erasure.counts or {}).get("insured_person") else "",
        last_contact_on=erasure.last_contact_on.isoformat(),
        hidden_at=erasure.hidden_at.isoformat(timespec="seconds"),
    )


def _count(cellule_id: int, figure: Line, count: int) -> None:
    """Add to a line of the tallies: within a transaction that holds its case only one run writes them."""
    wanted = select(ClosedCaseTally).where(
        ClosedCaseTally.cellule_id == cellule_id,
        *(getattr(ClosedCaseTally, name) == value for name, value in figure._asdict().items()),
    )
    kept = db.session().scalars(wanted.with_for_update()).one_or_none()
    if kept is None:
        db.session().add(ClosedCaseTally(cellule_id=cellule_id, count=count, **figure._asdict()))
    else:
        kept.count += count
