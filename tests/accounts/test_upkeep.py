"""Work that goes from cellule to cellule."""

import pytest
from sqlalchemy import select

from pdp.accounts.models import Cellule
from pdp.accounts.service.upkeep import in_each_cellule
from pdp.audit import service as audit
from pdp.audit.models import AuditEntry
from pdp.core.errors import RuleViolation
from tests.support.databases import as_owner
from tests.support.world import World


def test_a_cellule_that_fails_takes_its_turn_from_no_other(world: World) -> None:
    with as_owner() as session:
        first, *others = session.scalars(select(Cellule.id).order_by(Cellule.id)).all()
    assert others

    def work(cellule_id: int) -> None:
        audit.record(None, "tests.upkeep", count=cellule_id)
        if cellule_id == first:
            raise RuleViolation("Une donnée ancienne ne passe plus.")

    with pytest.raises(ExceptionGroup) as found:
        in_each_cellule(work)
    assert [str(each) for each in found.value.exceptions] == ["Une donnée ancienne ne passe plus."]
    with as_owner() as session:
        kept = session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "tests.upkeep"))
        assert [detail["count"] for detail in kept] == list(others)
