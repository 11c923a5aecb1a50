"""What the tests of the use cases look at in the database."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from pdp.accounts.models import Organisation
from pdp.audit.models import AuditEntry
from pdp.cases import service
from pdp.cases.enums import SignalSource
from pdp.cases.models import Case
from pdp.policy.actor import Actor
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
NIR = "1 85 05 78 006 084 91"
PERSON: dict[str, Any] = {
    "family_name": "Le Gall",
    "given_name": "Éloïse",
    "birth_date": date(1985, 5, 2),
    "source": SignalSource.SELF,
}
PEOPLE = ("service_social", "manager", "service_medical", "cpam", "coordinateur", "csam", "spst", "cap_emploi", "mdph")


def entries(action: str) -> list[AuditEntry]:
    with as_owner() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def stored(case_id: str) -> Case:
    with as_owner() as session:
        return session.scalars(select(Case).where(Case.public_id == case_id)).one()


def version(actor: Actor, case_id: str) -> int:
    return service.read_case(actor, case_id, part="summary").version


def organisation(world: World, name: str) -> str:
    with as_owner() as session:
        return session.get_one(Organisation, world.organisation[name]).public_id
