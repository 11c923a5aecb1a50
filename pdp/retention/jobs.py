"""Every day, after the deadlines of the night: hide and erase what is due, cellule by cellule."""

from pdp.accounts.recipients import list_scopes
from pdp.retention.service import running


def run() -> None:
    """Run retention in every cellule; one that is stopped, or fails, leaves the others alone.

    What failed is raised at the end, so that the scheduler says it.
    """
    failures = []
    for scope in list_scopes():
        try:
            running.run(scope.cellule_id)
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup("retention failed in a cellule", failures)
