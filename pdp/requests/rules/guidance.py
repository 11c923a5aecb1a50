"""What a case says of a dispositif before anything is asked: only what the form will not settle."""

from pdp.dispositifs.enums import Cause, StatusGroup, Verdict
from pdp.policy.labels import Label
from pdp.requests.rules.findings import Finding, GroupFindings
from pdp.requests.rules.labels import is_readable

# Facts that the form and the pieces of the request will state.
_STATED_LATER = ("measure", "trial", "tpt", "host", "funding", "prescriber", "pmsmp", "pay", "cap", "request")
_PIECES = ("agreement", "document", "sharing_agreement")


def first_answer(result: GroupFindings, readable: frozenset[Label], *, is_core: bool) -> tuple[Verdict, str]:
    """Return the verdict of the case alone, with the sentence of its gravest rule; empty when nothing is against.

    Only the rules that the reader may read count.
    """
    if result.group is StatusGroup.AUTRE:
        return result.verdict, result.explanation
    telling = [
        finding
        for finding in result.failed
        if is_readable(finding, readable, is_core=is_core) and not _settled_later(finding)
    ]
    return (telling[0].verdict, telling[0].sentence) if telling else (Verdict.ELIGIBLE, "")


def _settled_later(finding: Finding) -> bool:
    if finding.verdict is Verdict.PIECE_MANQUANTE:
        return any(_group(path) in _PIECES + _STATED_LATER for path in finding.facts)
    unknown = finding.undecided if finding.cause is Cause.UNKNOWN else ()
    return any(_group(path) in _STATED_LATER + _PIECES for path in unknown)


def _group(path: str) -> str:
    return path.partition(".")[0]
