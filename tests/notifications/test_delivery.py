"""Mails leave by a real SMTP server, once each, and only to those who may still know."""

import threading
from collections.abc import Callable, Collection
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from pdp.accounts.models import Membership, User
from pdp.consent.models import SharingAgreement
from pdp.core import clock, db
from pdp.notifications import post, queries, service
from pdp.notifications.enums import DropReason, MailState, NoticeKind
from pdp.notifications.models import Notice, OutboxMail
from pdp.notifications.rules import PAUSES, pause_after
from pdp.policy.actor import Actor
from tests.notifications.builders import at_once
from tests.notifications.smtp import listening
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
Figure = Callable[[str, object], None]


@pytest.fixture(autouse=True)
def everyone_is_told_at_once(world: World) -> None:
    at_once()


def tell(
    world: World,
    actor: Actor,
    people: Collection[str],
    kind: NoticeKind = NoticeKind.ADVICE_ASKED,
    case: str | None = "a.shared",
) -> None:
    with db.transaction(actor):
        service.notify(
            [world.user[name] for name in people],
            kind,
            cellule_id=actor.cellule_id,
            case_id=world.case_id[case] if case else None,
            link=f"/dossiers/{world.case[case]}" if case else "/seances",
        )


def outbox() -> list[tuple[MailState, DropReason | None, int]]:
    with as_owner() as session:
        mails = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
        return [(mail.state, mail.reason, mail.attempts) for mail in mails]


def test_a_mail_says_a_kind_a_link_and_a_reference(world: World, actor_of: ActorOf) -> None:
    tell(world, actor_of("a.service_social"), ["a.cap_emploi"])
    with listening() as (mailbox, _):
        assert service.deliver().sent == 1
    [(address, message)] = mailbox.received
    body = message.get_content()
    assert address == "cap_emploi.a@example.org"
    assert message["To"] == "cap_emploi.a@example.org"
    assert message["Subject"] == "Un avis vous est demandé"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert f"https://pdp.example.org/dossiers/{world.case['a.shared']}" in body.split()
    assert "Référence\u00a0: 2026-0002" in body
    assert all(len(line) <= 72 for line in body.splitlines())


def test_a_burst_of_acts_is_one_mail_and_one_notice(world: World, actor_of: ActorOf) -> None:
    for _ in range(5):
        tell(world, actor_of("a.service_social"), ["a.cap_emploi", "a.cap_emploi"])
    assert outbox() == [(MailState.QUEUED, None, 0)]
    with listening() as (mailbox, _):
        service.deliver()
        tell(world, actor_of("a.service_social"), ["a.cap_emploi"])
        service.deliver()
    assert len(mailbox.received) == 2
    with as_owner() as session:
        assert len(session.scalars(select(Notice)).all()) == 1


def test_what_is_queued_for_a_person_without_access_any_more_never_leaves(
    world: World, actor_of: ActorOf, figure: Figure
) -> None:
    actor = actor_of("a.service_social")
    tell(world, actor, ["a.cap_emploi", "a.spst", "a.cpam", "a.cpam_2", "a.comete", "a.pilotage"])
    with as_owner() as session:
        session.query(SharingAgreement).filter_by(
            organisation_id=world.organisation["a.cap_emploi"], case_id=world.case_id["a.shared"]
        ).update({"withdrawn_on": clock.today()})
        session.query(User).filter_by(id=world.user["a.cpam"]).update({"disabled_at": clock.now()})
        session.query(Membership).filter_by(user_id=world.user["a.cpam_2"]).update({"ends_on": date(2024, 2, 1)})
    with listening() as (mailbox, _):
        done = service.deliver()
    assert [address for address, _ in mailbox.received] == ["spst.a@example.org"]
    # Withdrawn, still shared, disabled, membership over, never shared, no relation to any case.
    assert sorted(outbox(), key=str) == sorted(
        [
            (MailState.DROPPED, DropReason.CASE_NOT_OPEN, 1),
            (MailState.SENT, None, 1),
            (MailState.DROPPED, DropReason.ACCOUNT_CLOSED, 1),
            (MailState.DROPPED, DropReason.ACCOUNT_CLOSED, 1),
            (MailState.DROPPED, DropReason.CASE_NOT_OPEN, 1),
            (MailState.DROPPED, DropReason.CASE_NOT_OPEN, 1),
        ],
        key=str,
    )
    figure("mails.withdrawn", f"{done.sent} sent, {done.dropped} of 5 dropped")


def test_a_server_that_is_down_is_tried_again_later_under_the_same_message_id(world: World, actor_of: ActorOf) -> None:
    tell(world, actor_of("a.service_social"), ["a.spst", "a.cap_emploi"])
    with listening() as (mailbox, _):
        mailbox.answers = {"spst.a@example.org": "451 later", "cap_emploi.a@example.org": "550 unknown"}
        first = service.deliver()
        assert (first.sent, first.put_off, first.failed) == (0, 1, 1)
        mailbox.answers = {}
        assert service.deliver().sent == 0, "it waits for its pause"
        with clock.acting_at(clock.now() + timedelta(minutes=1, seconds=1)):
            assert service.deliver().sent == 1
    [(_, message)] = mailbox.received
    with as_owner() as session:
        mail = session.scalars(select(OutboxMail).where(OutboxMail.state == MailState.SENT)).one()
        assert message["Message-ID"] == f"<{mail.public_id}@pdp.example.org>"
    assert (MailState.FAILED, DropReason.REFUSED, 1) in outbox()


def test_nobody_listening_loses_nothing_and_ends_after_a_day(world: World, actor_of: ActorOf) -> None:
    tell(world, actor_of("a.service_social"), ["a.spst"])
    with listening() as (_, way):
        pass
    post.install(way)
    at, tries = clock.now(), 0
    while outbox()[0][0] is MailState.QUEUED:
        with clock.acting_at(at):
            service.deliver()
        tries += 1
        at += timedelta(hours=12, minutes=1)
    post.install(None)
    assert tries == 9
    assert outbox() == [(MailState.FAILED, DropReason.TOO_MANY_TRIES, 9)]


def test_without_a_server_notices_stay_in_the_site(world: World, actor_of: ActorOf) -> None:
    tell(world, actor_of("a.service_social"), ["a.spst"])
    assert service.deliver().dropped == 1
    assert outbox() == [(MailState.DROPPED, DropReason.NO_TRANSPORT, 1)]
    assert len(service.list_notices(actor_of("a.spst"))) == 1


def test_a_mail_taken_without_an_answer_leaves_again_under_the_same_message_id(
    world: World, actor_of: ActorOf
) -> None:
    tell(world, actor_of("a.service_social"), ["a.spst"])
    with listening() as (mailbox, _):
        mailbox.hangs_up = True
        assert service.deliver().put_off == 1
        mailbox.hangs_up = False
        with clock.acting_at(clock.now() + timedelta(minutes=2)):
            assert service.deliver().sent == 1
    ids = {message["Message-ID"] for _, message in mailbox.received}
    assert (len(mailbox.received), len(ids)) == (2, 1)


def test_a_mail_taken_by_a_process_that_died_is_taken_again_after_its_lease(world: World, actor_of: ActorOf) -> None:
    tell(world, actor_of("a.service_social"), ["a.spst"])
    with as_owner():
        for mail in queries.claim_due(world.cellule["a"], clock.now(), 20):
            mail.attempts, mail.next_try_at = 1, clock.now() + timedelta(minutes=10)
    with listening() as (mailbox, _):
        assert service.deliver().sent == 0
        with clock.acting_at(clock.now() + timedelta(minutes=11)):
            assert service.deliver().sent == 1
    assert len(mailbox.received) == 1


def test_four_senders_at_once_send_each_mail_once(world: World, actor_of: ActorOf, figure: Figure) -> None:
    actor = actor_of("a.service_social")
    for number in range(40):
        with db.transaction(actor):
            service.notify(
                [world.user["a.spst"]],
                NoticeKind.MEETING_CHANGED,
                cellule_id=actor.cellule_id,
                link=f"/seances/{number}",
            )
    with listening() as (mailbox, _):
        senders = [threading.Thread(target=service.deliver) for _ in range(4)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    links = [message.get_content().split("https://pdp.example.org")[1].split()[0] for _, message in mailbox.received]
    assert sorted(links) == sorted(f"/seances/{number}" for number in range(40))
    figure("mails.delivered", f"{len(links)} mails by 4 senders at once, {len(links) - len(set(links))} twice, 0 lost")


def test_pauses_grow_to_about_a_day() -> None:
    assert [pause_after(tries) for tries in (1, 2, 8, 9)] == [
        timedelta(minutes=1),
        timedelta(minutes=2),
        timedelta(hours=12),
        None,
    ]
    assert sum(PAUSES, timedelta()) == timedelta(hours=25, minutes=23)


@pytest.mark.parametrize("link", ["https://ailleurs.example.org", "//ailleurs", "/dossiers?q=Martin", "dossiers", ""])
def test_a_notice_leads_only_to_a_path_of_the_site(world: World, actor_of: ActorOf, link: str) -> None:
    actor = actor_of("a.service_social")
    with pytest.raises(ValueError, match="path"), db.transaction(actor):
        service.notify([world.user["a.spst"]], NoticeKind.INVITATION, cellule_id=actor.cellule_id, link=link)


def test_old_mails_and_seen_notices_are_forgotten(world: World, actor_of: ActorOf) -> None:
    tell(world, actor_of("a.service_social"), ["a.spst", "a.cpam"])
    service.deliver()
    service.mark_all_seen(actor_of("a.spst"))
    with clock.acting_at(clock.now() + timedelta(days=91)):
        service.purge()
    with as_owner() as session:
        kept = session.scalars(select(Notice.user_id)).all()
        assert (list(kept), outbox()) == ([world.user["a.cpam"]], [])
