"""A restriction of the processing shuts every path of every partner from the next request on, until it is lifted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from pdp.accounts.models import Organisation
from pdp.advice import service as advice
from pdp.cases import queries
from pdp.cases import service as cases
from pdp.cases.enums import CaseMove, ExportFormat
from pdp.cases.models import Case
from pdp.cases.queries.listing import CaseFilters
from pdp.consent.enums import AgreementForm
from pdp.consent.models import SharingAgreement
from pdp.core import clock, db
from pdp.core.errors import Conflict, Forbidden, InvalidInput, NotFound, RuleViolation
from pdp.meetings import service as meetings
from pdp.meetings.enums import MeetingStatus, VoteValue
from pdp.minutes import service as minutes
from pdp.notifications import service as notifications
from pdp.notifications.enums import MailState, NoticeKind
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.privacy.enums.notices import FreezeGround, NoticeMeans, RecipientNews
from pdp.privacy.models import ProcessingFreeze, RecipientNotice
from pdp.privacy.queries.freezing import is_frozen
from pdp.privacy.service import freezing, recipients
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest
from tests.consent import builders as consent
from tests.consent.paths import both, paths_of, tells, values_of
from tests.documents.builders import add_piece
from tests.meetings.builders import build_meeting
from tests.minutes import seance
from tests.notifications.builders import at_once
from tests.notifications.smtp import listening
from tests.notifications.test_delivery import outbox, tell
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]


def freeze(actor: Actor, case: str) -> None:
    """Restrict the processing of the person of a case."""
    freezing.freeze(actor, case, ground=FreezeGround.ACCURACY, detail="Je conteste", asked_on=clock.today())


def lift(actor: Actor, case: str) -> None:
    """Inform the person, then lift."""
    freezing.announce_lifting(
        actor, case, version=1, informed_on=clock.today(), means=NoticeMeans.POST, reason="Vérifié"
    )
    freezing.lift(actor, case, version=2)


def test_while_frozen_no_path_tells_a_partner_anything_and_lifting_opens_them_again(
    app: Flask, world: World, sign_in_as: SignIn, actor_of: ActorOf, engine_name: str, figure: Figure
) -> None:
    held = seance.hold(world)
    minutes.compose_minutes(actor_of("a.coordinateur"), held.meeting)
    seance.deliver()
    values = values_of(world, actor_of("a.cap_emploi"), held.meeting)
    with as_owner():
        values["document_id"] = add_piece(world, "a.shared")
    found = both(paths_of(app, values), paths_of(app, values | {"meeting_id": held.meeting}))
    social, case = actor_of("a.service_social"), world.case["a.shared"]

    client = sign_in_as("a.cap_emploi")
    before = [path for path in found.reads if tells(client, path)]
    assert len(before) >= 15, before
    freeze(social, case)
    during = [path for path in found.reads if tells(client, path)]
    written = [path for path in found.writes if client.post(path).status_code in {200, 302, 303}]
    lift(social, case)
    after = [path for path in found.reads if tells(client, path)]
    assert during == []
    assert written == []
    assert after == before
    tried = len(found.reads) + len(found.writes)
    figure(
        "freeze.paths",
        f"{engine_name}: {tried} paths, {len(before)} open before, {len(during)} while frozen, {len(after)} after",
    )


def test_every_case_of_the_person_is_frozen_and_no_neighbour_is(world: World, actor_of: ActorOf) -> None:
    social, partner = actor_of("a.service_social"), actor_of("a.cap_emploi")
    with as_owner() as session:
        shared, partial = (session.get_one(Case, world.case_id[name]) for name in ("a.shared", "a.partial"))
        person, neighbour = shared.person_id, partial.person_id
        assert person != neighbour
    freeze(social, world.case["a.shared"])
    with as_owner():
        assert is_frozen(person)
        assert not is_frozen(neighbour)
        seen = set(db.session().scalars(select(Case.id).where(queries.visible_to(partner, clock.today()))))
    assert seen == {world.case_id["a.partial"]}
    with as_owner() as session:
        session.get_one(Case, world.case_id["a.partial"]).person_id = person
        session.flush()
        assert not set(session.scalars(select(Case.id).where(queries.visible_to(partner, clock.today()))))


def test_the_core_reads_under_a_banner_and_writes_nothing(world: World, actor_of: ActorOf, sign_in_as: SignIn) -> None:
    social, case = actor_of("a.service_social"), world.case["a.shared"]
    freeze(social, case)
    page = sign_in_as("a.cpam").get(f"/dossiers/{case}").get_data(as_text=True)
    assert "Traitement limité à la demande de la personne" in page
    view = cases.read_case(social, case, part="summary")
    assert view.labels
    assert (view.writable, view.can_share, view.moves) == (frozenset(), False, ())
    with as_owner() as session:
        version = session.get_one(Case, world.case_id["a.shared"]).version
        organisation = session.get_one(Organisation, world.organisation["a.comete"]).public_id
    acts: dict[str, Callable[[], object]] = {
        "note": lambda: cases.add_note(social, case, label=Label.PLAN, text="x"),
        "block": lambda: cases.edit_block(social, case, "boeth", version=""),
        "move": lambda: cases.move_case(social, case, CaseMove.CLOSE, version=version),
        "agreement": lambda: cases.record_agreement(
            social,
            case,
            organisation=organisation,
            labels=[Label.IDENTITY],
            purpose="x",
            form=AgreementForm.SIGNED,
            starts_on=clock.today(),
        ),
    }
    for name, act in acts.items():
        with pytest.raises(RuleViolation, match="limité"):
            act()
        assert name


def test_a_withdrawal_is_still_recorded(world: World, actor_of: ActorOf) -> None:
    social, case = actor_of("a.service_social"), world.case["a.shared"]
    freeze(social, case)
    with as_owner() as session:
        agreement = session.scalars(
            select(SharingAgreement).where(
                SharingAgreement.case_id == world.case_id["a.shared"],
                SharingAgreement.organisation_id == world.organisation["a.cap_emploi"],
            )
        ).one()
    cases.withdraw_agreement(social, case, agreement.public_id, version=agreement.version)
    lift(social, case)
    with pytest.raises(NotFound):
        cases.read_case(actor_of("a.cap_emploi"), case, part="summary")


def test_no_list_of_cases_leaves_with_a_frozen_one(world: World, actor_of: ActorOf) -> None:
    social, cpam = actor_of("a.service_social"), actor_of("a.cpam")

    def exported() -> str:
        file = cases.export_cases(cpam, CaseFilters(), reason="Essai", file_format=ExportFormat.CSV, with_names=True)
        return file.content.decode("utf-8-sig")

    assert "2026-0002" in exported()
    freeze(social, world.case["a.shared"])
    assert "2026-0002" not in exported()
    lift(social, world.case["a.shared"])
    assert "2026-0002" in exported()


def test_what_was_to_come_is_pulled_from_the_agenda_with_its_trace(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    seance_to_come = build_meeting(world, 2, status=MeetingStatus.PLANNED, cases=("a.shared", "a.alone"))
    freeze(actor_of("a.service_social"), world.case["a.shared"])
    page = meetings.read_meeting(actor_of("a.coordinateur"), seance_to_come.meeting)
    assert [row.request for row in page.items] == [seance_to_come.requests[1]]
    assert [trace.kind.value for trace in page.traces] == ["SUSPENDED"]
    shown = sign_in_as("a.coordinateur").get(f"/seances/{seance_to_come.meeting}").get_data(as_text=True)
    assert "le traitement des informations de la personne est limité depuis le" in shown
    with as_owner() as session:
        request = session.scalars(
            select(DispositifRequest).where(DispositifRequest.public_id == seance_to_come.requests[0])
        ).one()
    assert request.status is RequestStatus.READY
    with pytest.raises(RuleViolation, match="limité"):
        meetings.add_to_agenda(actor_of("a.coordinateur"), seance_to_come.meeting, request=seance_to_come.requests[0])


def test_votes_are_suspended(world: World, actor_of: ActorOf) -> None:
    freeze(actor_of("a.service_social"), world.case["a.shared"])
    coordinator, ballot = actor_of("a.coordinateur"), world.ballot["a.shared"]
    for act in (
        lambda: meetings.cast_vote(actor_of("a.service_social"), ballot, value=VoteValue.FOR),
        lambda: meetings.type_vote(coordinator, ballot, seat=world.seat["a.ss1"], value=VoteValue.FOR),
        lambda: meetings.type_all_for(coordinator, ballot),
    ):
        with pytest.raises(RuleViolation, match="aucun vote n’est reçu"):
            act()
    with pytest.raises(NotFound):
        meetings.cast_vote(actor_of("a.cap_emploi"), ballot, value=VoteValue.FOR)


def test_no_partner_is_asked_for_an_opinion(world: World, actor_of: ActorOf) -> None:
    freeze(actor_of("a.service_social"), world.case["a.shared"])
    with pytest.raises(RuleViolation, match="limité"):
        advice.prepare(actor_of("a.service_social"), world.request["a.shared"])


def test_a_queued_mail_to_a_partner_is_dropped_when_it_would_leave(world: World, actor_of: ActorOf) -> None:
    at_once()
    tell(world, actor_of("a.service_social"), ["a.cap_emploi", "a.cpam"])
    freeze(actor_of("a.service_social"), world.case["a.shared"])
    with listening() as (mailbox, _):
        notifications.deliver()
    assert [address for address, _ in mailbox.received] == ["cpam.a@example.org"]
    assert [state for state, _, _ in outbox()] == [MailState.SENT, MailState.DROPPED]


def test_who_took_files_out_is_told_without_a_word_of_the_case(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    partner, case = actor_of("a.cap_emploi"), world.case["a.shared"]
    cases.read_case(partner, case, part="summary")
    consent.add(world, "a")
    freeze(actor_of("a.service_social"), case)
    lift(actor_of("a.service_social"), case)
    news = recipients.list_news(partner)
    assert [line.news for line in news] == [RecipientNews.LIFTED, RecipientNews.FROZEN]
    assert [len(line.files) for line in news] == [1, 1]
    assert recipients.list_news(actor_of("a.spst")) == ()
    page = sign_in_as("a.cap_emploi").get("/fichiers-a-revoir").get_data(as_text=True)
    assert "PV n° 2026-01 (PDF)" in page
    assert not [word for word in ("NomShared", "PrénomShared", "2026-0002", "limit") if word in page]
    with as_owner() as session:
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.FILES_TO_REVIEW)).all()
        assert {(row.user_id, row.case_id, row.link) for row in told} == {
            (world.user["a.cap_emploi"], None, "/fichiers-a-revoir")
        }
        assert len(session.scalars(select(RecipientNotice)).all()) == 2


def test_the_lifting_is_in_two_steps_the_person_informed_first(world: World, actor_of: ActorOf) -> None:
    social, case = actor_of("a.service_social"), world.case["a.shared"]
    with pytest.raises(RuleViolation, match="rien à lever"):
        freezing.lift(social, case, version=1)
    freeze(social, case)
    with pytest.raises(RuleViolation, match="informée avant la levée"):
        freezing.lift(social, case, version=1)
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(InvalidInput):
        freezing.announce_lifting(
            social, case, version=1, informed_on=tomorrow, means=NoticeMeans.PHONE, reason="Vérifié"
        )
    freezing.announce_lifting(
        social, case, version=1, informed_on=clock.today(), means=NoticeMeans.PHONE, reason="Vérifié"
    )
    with pytest.raises(NotFound):
        cases.read_case(actor_of("a.cap_emploi"), case, part="summary")
    with pytest.raises(Conflict):
        freezing.lift(social, case, version=1)
    freezing.lift(actor_of("a.manager"), case, version=2)
    assert cases.read_case(actor_of("a.cap_emploi"), case, part="summary").labels
    with as_owner() as session:
        row = session.scalars(select(ProcessingFreeze)).one()
        assert (row.informed_on, row.informed_means) == (clock.today(), NoticeMeans.PHONE)
        assert (row.informed_by_id, row.lifted_by_id) == (world.user["a.service_social"], world.user["a.manager"])
        assert (row.lift_reason, row.detail) == ("Vérifié", "Je conteste")


def test_only_who_answers_for_the_case_restricts_and_only_once(world: World, actor_of: ActorOf) -> None:
    case = world.case["a.shared"]
    with pytest.raises(RuleViolation, match="référent"):
        freeze(actor_of("a.service_social_2"), case)
    for person in ("a.cpam", "a.service_medical", "a.coordinateur", "a.cap_emploi"):
        with pytest.raises(Forbidden):
            freeze(actor_of(person), case)
    freeze(actor_of("a.service_social"), case)
    with pytest.raises(RuleViolation, match="déjà limité"):
        freeze(actor_of("a.manager"), case)


def test_the_pages_restrict_then_lift(world: World, sign_in_as: SignIn) -> None:
    social, tab = sign_in_as("a.service_social"), f"/dossiers/{world.case['a.shared']}/droits"
    assert "Limiter le traitement" in social.get(tab).get_data(as_text=True)
    assert social.get(f"{tab}/limitation").status_code == 200
    asked = clock.today().isoformat()
    wrong = social.post(f"{tab}/limitation", data={"asked_on": asked, "detail": "Mes mots"})
    assert wrong.status_code == 422
    assert "Mes mots" in wrong.get_data(as_text=True)
    done = social.post(f"{tab}/limitation", data={"ground": "accuracy", "asked_on": asked, "detail": "Mes mots"})
    assert done.status_code == 303
    told = {"version": "1", "informed_on": asked, "means": "post", "reason": "Vérifié"}
    assert social.get(f"{tab}/limitation/levee").status_code == 200
    assert social.post(f"{tab}/limitation/information", data=told).status_code == 303
    assert social.post(f"{tab}/limitation/levee", data={"version": "2"}).status_code == 303
    assert "Levée par" in social.get(tab).get_data(as_text=True)
