"""Scheduled work that goes from cellule to cellule."""

from collections.abc import Callable

from pdp.accounts import queries
from pdp.core import db


def in_each_cellule(work: Callable[[int], None]) -> None:
    """Do `work` for each cellule, by its key, in a transaction of its own that reaches that cellule alone.

    What fails in one takes nothing from the others: it is raised once they all had their turn, as an
    `ExceptionGroup`, so that the job is seen to have failed.
    """
    with db.reading():
        cellules = queries.list_cellule_ids()
    failures = []
    for cellule_id in cellules:
        try:
            with db.transaction(db.Upkeep(cellule_id)):
                work(cellule_id)
        except Exception as failure:
            failure.add_note(f"in the cellule {cellule_id}")
            failures.append(failure)
    if failures:
        raise ExceptionGroup("some cellules had no turn to the end", failures)
