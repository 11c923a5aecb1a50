"""Sending processes that race, die or meet a bad server: no mail is lost, none is sent twice under two names."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from pdp.core import clock, db
from pdp.core.db import Database
from pdp.notifications import post, service
from pdp.notifications.enums import MailState, NoticeKind
from pdp.notifications.models import OutboxMail
from pdp.notifications.post import Letter
from pdp.policy.actor import Actor
from tests.notifications.smtp import SITE, listening
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
Figure = Callable[[str, object], None]


def queue(world: World, actor: Actor, count: int) -> None:
    for number in range(count):
        with db.transaction(actor):
            service.notify(
                [world.user["a.spst"]],
                NoticeKind.MEETING_CHANGED,
                cellule_id=actor.cellule_id,
                link=f"/seances/{number}",
            )


def start(database: Database) -> int:
    """Start a process that sends what is due over connections of its own; return its number."""
    pid = os.fork()
    if pid:
        return pid
    sent = 255
    try:
        db.bind(Database(database.url))
        sent = service.deliver().sent
    finally:
        os._exit(sent)


def end(pid: int) -> int:
    """Wait for a process; return how many mails it sent, or the signal that killed it, below zero."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def states() -> list[MailState]:
    with as_owner() as session:
        return list(session.scalars(select(OutboxMail.state).order_by(OutboxMail.id)))


def test_two_processes_at_once_send_each_mail_once(
    database: Database, world: World, actor_of: ActorOf, figure: Figure
) -> None:
    queue(world, actor_of("a.service_social"), 30)
    with listening() as (mailbox, _):
        mailbox.slowness = 0.02
        said = [end(pid) for pid in [start(database), start(database)]]
    ids = [message["Message-ID"] for _, message in mailbox.received]
    assert sum(said) == len(ids) == len(set(ids)) == 30
    assert min(said) > 0, "both took some"
    assert set(states()) == {MailState.SENT}
    figure("mails.processes", "30 mails by 2 processes at once: 30 received, 0 twice")


def test_a_process_killed_between_the_sending_and_the_writing_sends_the_same_mail_again(
    database: Database, world: World, actor_of: ActorOf, figure: Figure
) -> None:
    queue(world, actor_of("a.service_social"), 1)
    with listening() as (mailbox, _):
        sender: list[int] = []
        mailbox.kills = lambda: os.kill(sender[0], signal.SIGKILL)
        mailbox.slowness = 0.1
        sender.append(start(database))
        assert end(sender[0]) == -signal.SIGKILL
        mailbox.kills = None
        assert (len(mailbox.received), states()) == (1, [MailState.QUEUED])
        assert service.deliver().sent == 0, "its lease still runs"
        with clock.acting_at(clock.now() + timedelta(minutes=11)):
            assert service.deliver().sent == 1
    assert len({message["Message-ID"] for _, message in mailbox.received}) == 1
    assert states() == [MailState.SENT]
    figure("mails.killed", "killed between the sending and the writing: received twice under 1 Message-ID")


def test_a_server_that_cuts_the_line_or_takes_too_long_gets_the_mail_later(
    world: World, actor_of: ActorOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(world, actor_of("a.service_social"), 1)
    monkeypatch.setattr(post, "_TIMEOUT", 0.3)
    with listening() as (mailbox, _):
        mailbox.cuts_short = True
        assert service.deliver().put_off == 1
        mailbox.cuts_short = False
        mailbox.slowness = 1.0
        with clock.acting_at(clock.now() + timedelta(minutes=2)):
            assert service.deliver().put_off == 1
        mailbox.slowness = 0.0
        with clock.acting_at(clock.now() + timedelta(minutes=10)):
            assert service.deliver().sent == 1
    assert states() == [MailState.SENT]


class Drip:
    """A way out over which each mail takes four minutes of the clock."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def link(self, path: str) -> str:
        return f"{SITE}{path}"

    def send(self, letter: Letter) -> None:
        self.sent.append(letter.key)
        clock._moved.set(clock.now() + timedelta(minutes=4))


def test_a_server_so_slow_that_the_lease_would_end_is_left_before_it_does(world: World, actor_of: ActorOf) -> None:
    queue(world, actor_of("a.service_social"), 5)
    drip = Drip()
    with clock.acting_at(clock.now()):
        post.install(drip)  # type: ignore[arg-type]
        done = service.deliver()
        post.install(None)
    assert done.sent == len(drip.sent) == 5
    assert len(set(drip.sent)) == 5
