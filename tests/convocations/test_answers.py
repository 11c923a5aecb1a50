"""Answers: by the link of a mail without signing in, in the site, by telephone; and what they announce."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from pdp.accounts.models import Membership, Seat, User
from pdp.accounts.rules import MAX_FAILURES_PER_ACCOUNT
from pdp.audit import service as audit
from pdp.audit.models import AuditEntry
from pdp.convocations import service
from pdp.convocations.enums import Answer, AnswerChannel
from pdp.convocations.models import Convocation
from pdp.core import clock
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.meetings import service as meetings
from pdp.meetings.enums import AttendanceMode, AttendanceState
from pdp.meetings.models import Attendance, Meeting
from pdp.meetings.rules.forecast import Outlook
from pdp.meetings.service import forecasting
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import LinkMail, Notice
from pdp.policy.actor import Actor
from tests.convocations.planned import (
    calendar_of,
    convened,
    day_of_seance,
    deliver,
    path_for,
    path_of,
    version_of,
    with_link,
)
from tests.notifications.smtp import Mailbox
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
SOURCE = "192.0.2.7"


def token_for(mailbox: Mailbox, address: str) -> str:
    return path_for(mailbox, f"{address}@example.org").removeprefix("/convocation/")


def token_in(mail: EmailMessage) -> str:
    return path_of(mail).removeprefix("/convocation/")


def row_of(world: World, name: str, meeting: str) -> Convocation:
    with as_owner() as session:
        wanted = (
            select(Convocation)
            .join(Membership, Membership.id == Convocation.membership_id)
            .join(Meeting, Meeting.id == Convocation.meeting_id)
            .where(Membership.public_id == world.membership[name], Meeting.public_id == meeting)
        )
        return session.scalars(wanted).one()


def rows_written() -> tuple[int, int, int]:
    with as_owner() as session:
        return tuple(  # type: ignore[return-value]
            len(session.scalars(select(table.id)).all()) for table in (Convocation, LinkMail, AuditEntry)
        )


def test_the_page_of_a_link_names_nothing_and_following_it_writes_nothing(
    world: World, actor_of: ActorOf, client: StrictClient
) -> None:
    meeting, mailbox = convened(world, actor_of("a.coordinateur"))
    path = path_for(mailbox, "service_social.a@example.org")
    before, was = rows_written(), row_of(world, "a.service_social", meeting)
    page = client.get(path).text
    assert "Salle Océan" in page
    assert "14\u00a0h à\u00a016\u00a0h" in page
    for word in ("EssaiA", "2026-0002", "compétences", "Bilan", meeting):
        assert word not in page, word
    assert rows_written() == before
    assert row_of(world, "a.service_social", meeting).version == was.version
    # A script says that somebody looks at the page, once.
    for _ in range(2):
        assert client.post(f"{path}/lue").status_code == 204
    assert row_of(world, "a.service_social", meeting).read_at is not None
    assert rows_written()[2] == before[2] + 1


def test_an_answer_is_given_by_the_link_and_changed_until_the_seance_opens(
    world: World, actor_of: ActorOf, client: StrictClient
) -> None:
    actor = actor_of("a.coordinateur")
    meeting, mailbox = convened(world, actor)
    path = path_for(mailbox, "cpam.a@example.org")
    assert client.post(path, data={"answer": "room"}).status_code == 302
    assert client.post(path, data={"answer": "other_time"}).status_code == 422
    assert client.post(path, data={"answer": "other_time", "wish": "x" * 141}).status_code == 422
    assert client.post(path, data={}).status_code == 422
    assert client.post(path, data={"answer": "other_time", "wish": "Plutôt le matin"}).status_code == 302
    row = row_of(world, "a.cpam", meeting)
    assert (row.answer, row.wish, row.channel) == (Answer.OTHER_TIME, "Plutôt le matin", AnswerChannel.LINK)
    meetings.open_meeting(actor, meeting, version=version_of(actor, meeting))
    assert client.post(path, data={"answer": "away"}).status_code == 404
    assert row_of(world, "a.cpam", meeting).answer is Answer.OTHER_TIME


@pytest.mark.parametrize("gone", ["account closed", "membership ended"])
def test_the_link_of_a_person_who_left_opens_nothing(
    world: World, actor_of: ActorOf, client: StrictClient, gone: str
) -> None:
    meeting, mailbox = convened(world, actor_of("a.coordinateur"))
    path = path_for(mailbox, "cpam.a@example.org")
    assert client.get(path).status_code == 200
    with as_owner() as session:
        wanted = select(Membership).where(Membership.public_id == world.membership["a.cpam"])
        if gone == "account closed":
            session.get_one(User, world.user["a.cpam"]).disabled_at = clock.now()
        else:
            session.scalars(wanted).one().ends_on = clock.today() - timedelta(days=1)
        audit.record(None, "tests.gone")
    assert client.get(path).status_code == 404
    assert client.post(path, data={"answer": "room"}).status_code == 404
    assert row_of(world, "a.cpam", meeting).answer is None


def test_a_link_altered_foreign_cancelled_or_out_of_time_opens_the_same_page(
    world: World, actor_of: ActorOf, client: StrictClient
) -> None:
    actor = actor_of("a.coordinateur")
    meeting, mailbox = convened(world, actor)
    path = path_for(mailbox, "cpam.a@example.org")
    altered = path[:-1] + ("A" if path[-1] != "A" else "B")
    pages = [client.get(address) for address in (altered, "/convocation/inconnu", f"{path}%20")]
    with clock.acting_at(clock.now() + timedelta(days=60)):
        pages.append(client.get(path))
    meetings.cancel_meeting(actor, meeting, version=version_of(actor, meeting), reason="Grève")
    pages.append(client.get(path))
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert client.post(path, data={"answer": "room"}).status_code == 404


def test_too_many_answers_in_a_row_wait(world: World, actor_of: ActorOf) -> None:
    _, mailbox = convened(world, actor_of("a.coordinateur"))
    token = token_for(mailbox, "cpam.a")
    for _ in range(MAX_FAILURES_PER_ACCOUNT):
        service.answer(token, SOURCE, answer=Answer.AWAY)
    with pytest.raises(RuleViolation, match="quart d’heure"):
        service.answer(token, SOURCE, answer=Answer.ROOM)
    with clock.acting_at(clock.now() + timedelta(minutes=20)):
        service.answer(token, SOURCE, answer=Answer.ROOM)


def test_a_substitute_sent_is_convened_by_mail_and_told_when_not_sent_any_more(
    world: World, actor_of: ActorOf
) -> None:
    actor = actor_of("a.coordinateur")
    _, mailbox = convened(world, actor)
    token = token_for(mailbox, "service_social.a")
    [known] = service.read_card(token).substitutes
    service.answer(token, SOURCE, answer=Answer.SUBSTITUTE)
    [(to, mail)] = with_link(deliver()).received
    method, event = calendar_of(mail)
    assert (method, event["SEQUENCE"]) == ("REQUEST", 0)
    theirs = token_in(mail)
    assert service.read_card(theirs).substitutes == (), "a suppléant sends nobody"
    service.answer(theirs, SOURCE, answer=Answer.REMOTE)
    assert service.read_card(token).substitute == known.membership
    with clock.acting_at(clock.now() + timedelta(hours=1)):
        service.answer(token, SOURCE, answer=Answer.ROOM)
        [(gone, last)] = with_link(deliver()).received
        assert (gone, calendar_of(last)[0], calendar_of(last)[1]["UID"]) == (to, "CANCEL", event["UID"])
        with pytest.raises(NotFound):
            service.read_card(theirs)


def test_answers_await_people_in_their_seats_when_the_seance_opens(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    meeting, mailbox = convened(world, actor)
    token = token_for(mailbox, "service_social.a")
    service.answer(token, SOURCE, answer=Answer.SUBSTITUTE)
    [(_, mail)] = with_link(deliver()).received
    service.answer(token_in(mail), SOURCE, answer=Answer.REMOTE)
    service.answer_own(actor_of("a.cpam"), meeting, answer=Answer.AWAY)
    meetings.open_meeting(actor, meeting, version=version_of(actor, meeting))
    with as_owner() as session:
        rows = session.execute(
            select(Seat.public_id, Attendance.state, Attendance.mode, Attendance.membership_id)
            .join(Attendance, Attendance.seat_id == Seat.id)
            .join(Meeting, Meeting.id == Attendance.meeting_id)
            .where(Meeting.public_id == meeting)
        ).all()
        sent = session.scalars(select(Convocation.substitute_id).where(Convocation.substitute_id.is_not(None))).one()
    held = {row[0]: tuple(row[1:]) for row in rows}
    assert held[world.seat["a.ss2"]] == (AttendanceState.AWAITED, AttendanceMode.VIDEO, sent)
    assert held[world.seat["a.cp1"]] == (AttendanceState.EXCUSED, None, None)
    assert held[world.seat["a.sm1"]] == (AttendanceState.AWAITED, None, None)


def test_the_coordinator_reminds_only_those_awaited_and_types_an_answer_by_telephone(
    world: World, actor_of: ActorOf
) -> None:
    actor = actor_of("a.coordinateur")
    meeting, mailbox = convened(world, actor)
    service.answer(token_for(mailbox, "cpam.a"), SOURCE, answer=Answer.ROOM)
    service.answer_for(actor, row_of(world, "a.cpam_2", meeting).public_id, answer=Answer.AWAY)
    board = service.read_board(actor, meeting)
    assert [row.channel for row in board.rows if row.answer is Answer.AWAY] == [AnswerChannel.PHONE]
    assert service.remind(actor, meeting) == board.awaited == 6
    assert {mail["Subject"] for _, mail in with_link(deliver()).received} == {
        "Séance de la cellule PDP\u00a0: votre réponse est attendue"
    }
    with pytest.raises(RuleViolation, match="trois jours ouvrables"):
        service.remind(actor, meeting)
    assert service.remind(actor, meeting, confirmed=True) == 6
    for refused in ("a.cpam", "a.service_social"):
        with pytest.raises(NotFound):
            service.answer_for(actor_of(refused), row_of(world, "a.cpam_2", meeting).public_id, answer=Answer.ROOM)
    with pytest.raises(NotFound):
        service.answer_for(
            actor_of("b.coordinateur"), row_of(world, "a.cpam_2", meeting).public_id, answer=Answer.ROOM
        )
    with pytest.raises(InvalidInput):
        service.answer_for(actor, row_of(world, "a.cpam_2", meeting).public_id, answer=Answer.OTHER_TIME)


def test_the_coordination_is_warned_five_and_two_working_days_before(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    meeting, _ = convened(world, actor)
    day = day_of_seance()
    assert forecasting.forecast_quorum(actor, meeting).whole.outlook is Outlook.FRAGILE
    warned = []
    for days in range((day - clock.today()).days):
        with clock.acting_at(clock.now() + timedelta(days=days)):
            before = service.warn_all()
            warned += [(day - clock.today()).days] * before
    assert len(warned) == 2
    with as_owner() as session:
        [notice] = session.scalars(select(Notice).where(Notice.kind == NoticeKind.QUORUM_AT_RISK)).all()
    assert (notice.user_id, notice.link) == (world.user["a.coordinateur"], f"/seances/{meeting}/convocations")
    for name in ("manager", "service_social", "service_medical", "service_medical_2", "cpam", "cpam_2"):
        service.answer_own(actor_of(f"a.{name}"), meeting, answer=Answer.ROOM)
    assert forecasting.forecast_quorum(actor, meeting).whole.outlook is Outlook.REACHED
