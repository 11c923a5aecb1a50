"""Every page, as every role, at every case: nobody meets what the oracle denies, and each finds what is theirs."""

import logging
from collections.abc import Callable

import pytest
from sqlalchemy import select

from pdp.core.db import Base
from tests.access.canary.people import WALKERS
from tests.access.canary.tokens import values_in
from tests.access.canary.walk import Walker
from tests.access.canary.world import CanaryWorld
from tests.support.databases import as_owner

Figure = Callable[[str, object], None]


@pytest.mark.parametrize("name", WALKERS)
def test_each_person_meets_what_they_may_and_nothing_else(
    walker_of: Callable[[str], Walker],
    name: str,
    figure: Figure,
    canary: CanaryWorld,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    found = walker_of(name).walk()
    leaks, denials = found.leaks, found.denials
    assert not leaks, "\n".join(f"{count} × {what}" for what, count in leaks.most_common())
    assert not denials, "\n".join(f"{count} × {what}" for what, count in denials.most_common())
    assert values_in(caplog.text) & canary.canaries.keys() == set(), "a log holds what a page may show"
    # A number of five digits stands by chance in a random id or a seal: what is looked for here is text.
    texts = {value for value in canary.canaries if not value.isdigit() or len(value) > 5}
    assert values_in(_written()) & texts == set(), "the journal or a mail holds a text"
    figure("canary.cells", f"{name} {found.cells} cells in {found.answers} answers, 0 leaks, 0 wrong denials")


# What the walk itself writes: codes, keys and paths only. A mail is made of its row, when it leaves.
_WRITTEN = ("audit_entry", "notice", "access_alert")


def _written() -> str:
    with as_owner() as session:
        tables = [Base.metadata.tables[name] for name in _WRITTEN]
        columns = [
            [column for column in table.columns if column.name not in {"comment", "lift_reason"}] for table in tables
        ]
        return "\n".join(str(tuple(row)) for picked in columns for row in session.execute(select(*picked)))
