"""The minutes print where the journal stood: for the core only, because its numbers tell what others do."""

import json
from collections.abc import Callable

from sqlalchemy import select

from pdp.audit.models import AuditSegment
from pdp.core.french import MONTHS, NBSP
from pdp.minutes import service
from pdp.minutes.models import MinutesVersion
from pdp.policy.actor import Actor
from tests.minutes import seance
from tests.support.databases import as_owner
from tests.support.world import World


def test_the_complete_minutes_print_the_last_seal_of_the_journal_and_a_partner_s_do_not(
    world: World, actor_of: Callable[[str], Actor]
) -> None:
    held, actor = seance.hold(world), actor_of("a.coordinateur")
    service.open_minutes(actor, held.meeting)
    with as_owner() as session:
        last = session.scalars(
            select(AuditSegment).where(AuditSegment.cellule_key == world.cellule["a"]).order_by(AuditSegment.month)
        ).all()[-1]
        year, month = last.month.split("-")
        where = f"{MONTHS[int(month) - 1]} {year}, entrée n°{NBSP}{last.last_sequence}, {last.last_seal[:4]} "
    service.compose_minutes(actor, held.meeting)
    with as_owner() as session:
        versions = session.scalars(select(MinutesVersion)).all()
        printed = {version.organisation_id: json.dumps(version.content, ensure_ascii=False) for version in versions}
    assert f"Empreinte du journal{NBSP}: {where}" in printed.pop(None)
    assert len(printed) >= 1
    assert not any("Empreinte" in content for content in printed.values())
