"""Each of the three ends of a sharing shuts every path that a partner had, on its next request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from pdp.accounts.models import Organisation
from pdp.cases import service as cases
from pdp.cases.enums import CaseMove
from pdp.cases.models import Case
from pdp.consent import jobs
from pdp.consent.enums import AgreementForm
from pdp.consent.models import SharingAgreement
from pdp.core import clock
from pdp.minutes import service as minutes
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from tests.consent.paths import both, paths_of, tells, values_of
from tests.documents.builders import add_piece
from tests.minutes import seance
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]

ENDS = ("withdrawal", "expiry", "closing")


def _agreement(world: World, organisation: str = "a.cap_emploi") -> SharingAgreement:
    with as_owner() as session:
        return session.scalars(
            select(SharingAgreement).where(
                SharingAgreement.case_id == world.case_id["a.shared"],
                SharingAgreement.organisation_id == world.organisation[organisation],
            )
        ).one()


@contextmanager
def _ended(end: str, world: World, actor_of: ActorOf) -> Iterator[None]:
    """End the sharing of the shared case with Cap emploi in one of the three ways."""
    social, case = actor_of("a.service_social"), world.case["a.shared"]
    moved: Any = nullcontext()
    if end == "withdrawal":
        agreement = _agreement(world)
        cases.withdraw_agreement(social, case, agreement.public_id, version=agreement.version)
    elif end == "closing":
        with as_owner() as session:
            version = session.get_one(Case, world.case_id["a.shared"]).version
        cases.move_case(social, case, CaseMove.CLOSE, version=version)
    else:
        with as_owner() as session:
            session.execute(
                update(SharingAgreement)
                .where(SharingAgreement.case_id == world.case_id["a.shared"])
                .values(ends_on=clock.today())
            )
        moved = clock.acting_at(clock.now() + timedelta(days=1))
    with moved:
        yield


@pytest.mark.parametrize("end", ENDS)
def test_after_each_end_no_path_tells_a_partner_anything_of_the_case(
    end: str, app: Flask, world: World, sign_in_as: SignIn, actor_of: ActorOf, figure: Figure
) -> None:
    held = seance.hold(world)
    minutes.compose_minutes(actor_of("a.coordinateur"), held.meeting)
    seance.deliver()
    values = values_of(world, actor_of("a.cap_emploi"), held.meeting)
    with as_owner():
        values["document_id"] = add_piece(world, "a.shared")
    found = both(paths_of(app, values), paths_of(app, values | {"meeting_id": held.meeting}))
    reads, writes = found.reads, found.writes

    before = [path for path in reads if tells(sign_in_as("a.cap_emploi"), path)]
    assert len(before) >= 15, before
    with _ended(end, world, actor_of):
        client = sign_in_as("a.cap_emploi")
        after = [path for path in reads if tells(client, path)]
        written = [path for path in writes if client.post(path).status_code in {200, 302, 303}]
    assert after == []
    assert written == []
    figure("sharing.ends", f"{end}: {len(reads) + len(writes)} paths, {len(before)} open before, {len(after)} after")


@pytest.mark.parametrize("end", ENDS)
def test_an_open_session_is_shut_out_on_its_very_next_request(
    end: str, world: World, sign_in_as: SignIn, actor_of: ActorOf
) -> None:
    client = sign_in_as("a.cap_emploi")
    assert client.get(f"/dossiers/{world.case['a.shared']}").status_code == 200
    with _ended(end, world, actor_of):
        if end == "expiry":
            client = sign_in_as("a.cap_emploi")
        assert client.get(f"/dossiers/{world.case['a.shared']}").status_code == 404


def test_the_withdrawal_of_one_partner_leaves_the_others(world: World, actor_of: ActorOf) -> None:
    spst = actor_of("a.spst")
    before = cases.read_case(spst, world.case["a.shared"], part="summary").labels
    with _ended("withdrawal", world, actor_of):
        assert cases.read_case(spst, world.case["a.shared"], part="summary").labels == before


def test_a_case_opened_again_shares_nothing_of_itself(world: World, sign_in_as: SignIn, actor_of: ActorOf) -> None:
    social, case = actor_of("a.service_social"), world.case["a.shared"]
    with _ended("closing", world, actor_of):
        with as_owner() as session:
            version = session.get_one(Case, world.case_id["a.shared"]).version
        cases.move_case(social, case, CaseMove.REOPEN, version=version)
        assert sign_in_as("a.cap_emploi").get(f"/dossiers/{case}").status_code == 404
    statuses = {line.status.value for line in cases.read_case(social, case, part="sharing").sharing}
    assert statuses == {"case_ended"}


def _notices(world: World, kind: NoticeKind) -> set[int]:
    with as_owner() as session:
        wanted = select(Notice).where(Notice.kind == kind, Notice.cellule_id == world.cellule["a"])
        rows = session.scalars(wanted).all()
        assert {row.case_id for row in rows} <= {None}
        return {row.user_id for row in rows}


@pytest.mark.parametrize("end", ENDS)
def test_the_people_who_opened_the_case_are_told_without_a_word_of_it(
    end: str, world: World, actor_of: ActorOf
) -> None:
    cases.read_case(actor_of("a.cap_emploi"), world.case["a.shared"], part="summary")
    with _ended(end, world, actor_of):
        if end == "expiry":
            jobs.end_due()
            jobs.end_due()
    assert world.user["a.cap_emploi"] in _notices(world, NoticeKind.SHARING_ENDED)
    assert world.user["a.service_social"] not in _notices(world, NoticeKind.SHARING_ENDED)


def test_the_job_of_the_night_draws_each_end_once(world: World, actor_of: ActorOf) -> None:
    with _ended("expiry", world, actor_of):
        jobs.end_due()
        first = _agreement(world)
        jobs.end_due()
        again = _agreement(world)
    assert (first.end_kind, first.withdrawn_on) == ("expired", None)
    assert first.ended_at is not None
    assert first.ended_at == again.ended_at


def test_a_renewal_takes_the_place_of_the_former_and_keeps_its_history(world: World, actor_of: ActorOf) -> None:
    social, partner, case = actor_of("a.service_social"), actor_of("a.cap_emploi"), world.case["a.shared"]
    former = _agreement(world)
    with as_owner() as session:
        organisation = session.get_one(Organisation, world.organisation["a.cap_emploi"]).public_id
    cases.record_agreement(
        social,
        case,
        organisation=organisation,
        replaces=former.public_id,
        labels=[Label.IDENTITY, Label.BOETH],
        purpose="Moins d’informations",
        form=AgreementForm.SIGNED,
        starts_on=clock.today(),
    )
    assert cases.read_case(partner, case, part="summary").labels == {Label.IDENTITY, Label.BOETH}
    lines = {line.status.value: line for line in cases.read_case(partner, case, part="sharing").sharing}
    assert set(lines) == {"replaced", "in_force"}
    assert lines["replaced"].public_id == former.public_id
