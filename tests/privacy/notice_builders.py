"""A notice given, two rectifications, a communication to a recipient and a restriction lifted, written as rows."""

from datetime import timedelta

from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.policy.labels import Label
from pdp.privacy.enums.notices import FreezeGround, NoticeMeans, RecipientNews, RectificationOutcome
from pdp.privacy.models import (
    NoticeGiven,
    ProcessingFreeze,
    RecipientNotice,
    Rectification,
    RectificationDecision,
)
from tests.support.world import World


def add_notices(world: World, key: str) -> None:
    """Add a row of each of these tables to the case `shared` of a cellule. Inside a session of the caller."""
    session = db.session()
    case = session.get_one(Case, world.case_id[f"{key}.shared"])
    social, today, now = world.user[f"{key}.service_social"], clock.today(), clock.now()
    common = {"cellule_id": case.cellule_id, "case_id": case.id}
    session.add(
        NoticeGiven(
            **common,
            notice="2026-01",
            given_on=today,
            means=NoticeMeans.HANDED,
            given_by="Remise par",
            recorded_by_id=social,
            recorded_at=now,
        )
    )
    for label in (Label.EMPLOYMENT, Label.MEDICAL):
        contested = Rectification(
            **common,
            label=label,
            field="Ce qui est contesté",
            statement="Ce que dit la personne",
            asked_on=today,
            recorded_by_id=social,
            recorded_at=now,
        )
        session.add(contested)
        session.flush()
    session.add(
        RectificationDecision(
            **common,
            rectification_id=contested.id,
            label=contested.label,
            outcome=RectificationOutcome.NOTED,
            reason="Motif de la décision",
            decided_by_id=social,
            decided_at=now,
        )
    )
    session.add(
        RecipientNotice(
            **common,
            organisation_id=world.organisation[f"{key}.cap_emploi"],
            news=RecipientNews.RECTIFIED,
            label=Label.EMPLOYMENT,
            told_at=now,
        )
    )
    session.add(
        ProcessingFreeze(
            **common,
            ground=FreezeGround.ACCURACY,
            detail="Ce que demande la personne",
            asked_on=today - timedelta(days=9),
            frozen_by_id=social,
            frozen_at=now - timedelta(days=9),
            informed_on=today - timedelta(days=2),
            informed_means=NoticeMeans.POST,
            informed_by_id=social,
            informed_at=now - timedelta(days=2),
            lift_reason="Motif de la levée",
            lifted_by_id=social,
            lifted_at=now - timedelta(days=1),
        )
    )
