"""Every day, after the deadlines of the night: hide and erase what is due, cellule by cellule."""

from pdp.accounts.recipients import list_scopes
from pdp.retention.service import running


def run() -> None:
    """Run retention in every cellule; one that is stopped leaves the others alone."""
    for scope in list_scopes():
        running.run(scope.cellule_id)
