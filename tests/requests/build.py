"""Requests of the tests: asked through the service, on a case of the world."""

from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload, selectinload

from pdp.audit import service as audit
from pdp.cases.models import Activity, Case
from pdp.consent.models import SharingAgreement
from pdp.dispositifs.catalogue import load_ruleset
from pdp.dispositifs.enums import Dispositif, PersonStatus
from pdp.dispositifs.rules import RuleSet
from pdp.policy.actor import Actor
from pdp.requests import service
from pdp.requests.enums import RequestAuthor
from pdp.requests.models import DispositifRequest, RequiredPiece
from pdp.requests.service import appraisal
from tests.support.databases import as_owner
from tests.support.world import World


def ask(
    actor: Actor,
    world: World,
    case: str = "a.shared",
    dispositif: Dispositif = Dispositif.ESSAI_ENCADRE,
    **values: Any,
) -> str:
    """Ask for a dispositif on a case of the world and return the public id."""
    values = {"author": RequestAuthor.INSURED} | values
    return service.create_request(actor, world.case[case], dispositif=dispositif, **values)


def reload(public_id: str) -> DispositifRequest:
    """Return a request as it is stored, with its pieces and its case."""
    case = joinedload(DispositifRequest.case)
    with as_owner() as session:
        return (
            session.scalars(
                select(DispositifRequest)
                .options(
                    selectinload(DispositifRequest.pieces),
                    case.joinedload(Case.person),
                    case.selectinload(Case.activities),
                    case.selectinload(Case.stoppages),
                    case.selectinload(Case.agreements).joinedload(SharingAgreement.organisation),
                )
                .where(DispositifRequest.public_id == public_id)
                .execution_options(populate_existing=True)
            )
            .unique()
            .one()
        )


def piece_of(public_id: str, kind: str) -> RequiredPiece:
    """Return one piece of a request as it is stored."""
    return next(piece for piece in reload(public_id).pieces if piece.kind == kind)


def set_case(world: World, *, case: str = "a.shared", activities: tuple[PersonStatus, ...]) -> None:
    """Give a case of the world these statuses and no other."""
    with as_owner() as session:
        found = session.get_one(Case, world.case_id[case])
        session.execute(delete(Activity).where(Activity.case_id == found.id))
        session.add_all(Activity(cellule_id=found.cellule_id, case_id=found.id, status=each) for each in activities)
        audit.record(None, "tests.activities")


def evict_ineligibility(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the edition of the rules of tomorrow: only the common ones are left."""
    common = RuleSet(tuple(rule for rule in load_ruleset().rules if rule.dispositif is None))
    monkeypatch.setattr(appraisal, "load_ruleset", lambda: common)
