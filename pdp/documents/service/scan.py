"""Ask the antivirus again about the pieces that it did not answer for."""

from pdp.accounts.recipients import list_scopes
from pdp.audit import service as audit
from pdp.core import antivirus, clock, db
from pdp.core.antivirus import Verdict
from pdp.core.db import Scope
from pdp.documents import queries
from pdp.documents.enums import ScanState
from pdp.documents.service import store

_BATCH = 40


def scan_waiting() -> int:
    """Scan what waits, in every cellule; return how many pieces got an answer. May be run twice without harm."""
    if not antivirus.installed().answers():
        return 0
    return sum(_scan_cellule(scope) for scope in list_scopes())


def _scan_cellule(scope: Scope) -> int:
    with db.reading(scope):
        waiting = queries.list_waiting(scope.cellule_id, _BATCH)
    return sum(_scan_one(scope, document_id) for document_id in waiting)


def _scan_one(scope: Scope, document_id: int) -> bool:
    """Scan outside any transaction: a slow answer must hold no lock."""
    with db.reading(scope):
        document = queries.get_waiting(scope.cellule_id, document_id)
        if document is None or document.body_id is None:
            return False
        body = store.open_body(queries.get_body(document.body_id, scope.cellule_id))
    verdict = antivirus.installed().scan(body)
    return verdict is not Verdict.UNKNOWN and _keep_answer(scope, document_id, verdict)


def _keep_answer(scope: Scope, document_id: int, verdict: Verdict) -> bool:
    with db.transaction(scope):
        document = queries.get_waiting(scope.cellule_id, document_id, lock=True)
        if document is None:
            return False
        document.scan = ScanState.CLEAN if verdict is Verdict.CLEAN else ScanState.INFECTED
        document.scanned_at = clock.now()
        if verdict is Verdict.INFECTED and document.body_id is not None:
            _destroy_body(document.body_id, scope.cellule_id, only_holder=not queries.is_shared_body(document))
            document.body_id = None
        document.version += 1
        audit.record(None, "document.scan", case_id=document.case_id, subject=document, scan=document.scan.value)
        return True


def _destroy_body(body_id: int, cellule_id: int, *, only_holder: bool) -> None:
    if only_holder:
        store.destroy(queries.get_body(body_id, cellule_id))
