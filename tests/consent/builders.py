"""One row of each table of sharing, for the shared case of a cellule, with texts that can be recognised."""

from datetime import timedelta

from sqlalchemy import select

from pdp.cases.models import Case
from pdp.consent.enums import (
    AgreementEnd,
    AgreementForm,
    DepartureKind,
    PurposeCode,
    RecallState,
    WithdrawalMeans,
)
from pdp.consent.models import Departure, Recall, SharingAgreement
from pdp.core import clock
from pdp.meetings.enums import AgendaTraceKind
from pdp.meetings.models import AgendaTrace, Meeting
from pdp.policy.labels import Label
from pdp.requests.models import DispositifRequest
from tests.support.databases import as_owner
from tests.support.world import World


def add(world: World, key: str) -> None:
    """Add an ended agreement, a departure, a recall and an agenda trace of `<key>.shared`, towards Cap emploi."""
    organisation, social = world.organisation[f"{key}.cap_emploi"], world.user[f"{key}.service_social"]
    partner, today = world.user[f"{key}.cap_emploi"], clock.today()
    with as_owner() as session:
        case = session.get_one(Case, world.case_id[f"{key}.shared"])
        common = {"cellule_id": case.cellule_id, "organisation_id": organisation}
        session.add(
            SharingAgreement(
                **common,
                case_id=case.id,
                labels=frozenset({Label.IDENTITY}),
                purpose_code=PurposeCode.PROJECT,
                purpose="But dans les mots de la personne",
                notice="2024-01",
                informed_on=today - timedelta(days=90),
                agreed_on=today - timedelta(days=90),
                place="Lieu de l’accord",
                form=AgreementForm.ORAL,
                witness="Témoin de l’accord",
                collected_by="Recueilli par",
                starts_on=today - timedelta(days=90),
                withdrawn_on=today - timedelta(days=30),
                end_kind=AgreementEnd.WITHDRAWN,
                withdrawal_means=WithdrawalMeans.WRITTEN,
                withdrawal_reason="Motif du retrait",
                withdrawn_by_id=social,
                ended_at=clock.now() - timedelta(days=30),
                recorded_by_id=social,
                recorded_at=clock.now() - timedelta(days=90),
            )
        )
        session.add(
            Departure(
                **common,
                case_id=case.id,
                user_id=partner,
                what=DepartureKind.MINUTES,
                object_kind="minutes_version",
                object_id=1,
                object_version="PV n° 2026-01 (PDF), 0123456789ab",
                labels=frozenset({Label.REQUEST, Label.OPINION}),
                left_at=clock.now() - timedelta(days=60),
            )
        )
        session.add(
            Recall(
                **common,
                case_id=case.id,
                state=RecallState.ASKED,
                asked_at=clock.now() - timedelta(days=30),
                due_on=today - timedelta(days=15),
                reason="",
            )
        )
        request = session.scalars(select(DispositifRequest).where(DispositifRequest.case_id == case.id)).first()
        meeting = session.scalars(select(Meeting).where(Meeting.cellule_id == case.cellule_id)).first()
        assert request is not None
        assert meeting is not None
        session.add(
            AgendaTrace(
                **common,
                meeting_id=meeting.id,
                request_id=request.id,
                kind=AgendaTraceKind.PLACE_LOST,
                ended_on=today - timedelta(days=30),
                at=clock.now() - timedelta(days=30),
            )
        )
