"""What `pdp audit` says. Exit codes: 0 whole, 1 a fault was found, 2 it could not be looked for."""

from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from pdp.audit import anchors, verification
from pdp.audit.verification import JournalBroken, Report
from pdp.core.crypto import KeyUnavailable

Say = Callable[[str], None]


def verify(say: Say, complain: Say) -> int:
    """Verify the journal, its certificates and its anchors; name the first bad entry. Return the exit code."""
    try:
        report = verification.verify()
    except JournalBroken as fault:
        complain(f"The journal is broken. First bad entry: {fault}")
        return 1
    except (DBAPIError, KeyUnavailable, OSError) as error:
        complain(f"The journal could not be read: {str(error).splitlines()[0]}")
        return 2
    for line in _lines(report):
        say(line)
    return 0


def anchor(say: Say, complain: Say) -> int:
    """Write an anchor for each segment that moved. Return the exit code."""
    try:
        count = anchors.write()
    except (DBAPIError, KeyUnavailable, OSError) as error:
        complain(f"No anchor could be written: {str(error).splitlines()[0]}")
        return 2
    say(f"{_number(count, 'anchor')} written to {anchors.path()}")
    return 0


def _lines(report: Report) -> list[str]:
    lines = [
        f"The journal is whole: {_number(report.entries, 'entry', 'entries')} in {_number(report.segments, 'segment')}"
        f", {_number(report.destroyed, 'destroyed segment')} with a certificate"
        f", {_number(report.anchors, 'anchor')} in {anchors.path()}."
    ]
    if report.unsealed:
        lines.append(f"{_number(report.unsealed, 'older entry', 'older entries')} came before the sealing: counted.")
    if report.unanchored:
        lines.append(f"{_number(report.unanchored, 'entry', 'entries')} came after the last anchor.")
    return lines


def _number(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
