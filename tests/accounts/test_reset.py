"""A new password by mail: one link, once, half an hour; it opens no session and replaces no factor."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pdp.accounts import service
from pdp.accounts.models import PasswordReset, User, UserSession
from pdp.accounts.passwords import matches
from pdp.audit.models import AuditEntry
from pdp.core import clock, crypto
from pdp.core.crypto import Keyring
from pdp.notifications import service as notifications
from pdp.notifications.enums import DropReason, MailState, NoticeKind
from pdp.notifications.models import LinkMail, Notice
from tests.accounts.settings import LIMITS
from tests.conftest import KEYS
from tests.notifications.smtp import SITE, listening
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import PASSWORD, World

SignIn = Callable[[str], StrictClient]
NEW = "trois citrons sur le piano"
PAGE = "/mot-de-passe-oublie"
EMAIL = "cpam.a@example.org"


def ask(client: StrictClient, email: str = EMAIL) -> None:
    assert client.post(PAGE, data={"email": email}).status_code == 200


def links_mailed() -> list[tuple[str, str]]:
    """Send the mails that wait; return the address and the path of the link of each."""
    with listening() as (mailbox, _):
        notifications.deliver_links()
    found = []
    for address, message in mailbox.received:
        [link] = re.findall(rf"{SITE}(\S+)", message.get_content())
        found.append((address, link))
    return found


def choose(client: StrictClient, link: str, password: str = NEW) -> int:
    return client.post(link, data={"password": password, "repeated": password}).status_code


def test_the_whole_way(client: StrictClient, sign_in_as: SignIn, world: World) -> None:
    open_elsewhere = sign_in_as("a.cpam")
    ask(client)
    [(address, link)] = links_mailed()
    assert address == EMAIL
    assert client.get(link).status_code == 200
    assert choose(client, link) == 303
    # It opened nothing, and what was open is over.
    assert client.get("/").location == "/connexion"
    assert open_elsewhere.get("/").location == "/connexion"
    with pytest.raises(Exception, match="inconnu"):
        service.sign_in(EMAIL, PASSWORD, "127.0.0.1", LIMITS)
    answer = client.post("/connexion", data={"email": EMAIL, "password": NEW})
    # The second factor is asked as before.
    assert answer.location == "/connexion/second-facteur"
    with as_owner() as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("account.%reset%"))).all()
        kinds = session.scalars(select(Notice.kind).where(Notice.user_id == world.user["a.cpam"])).all()
    assert list(actions) == ["account.ask_reset", "account.reset_password"]
    assert NoticeKind.PASSWORD_CHANGED in kinds


def test_a_link_serves_once_and_the_newest_only(client: StrictClient, world: World) -> None:
    ask(client)
    [(_, first)] = links_mailed()
    ask(client)
    [(_, second)] = links_mailed()
    assert client.get(first).status_code == 404
    assert choose(client, first) == 404
    assert choose(client, second, "court") == 422
    assert choose(client, second) == 303
    assert choose(client, second) == 404


@pytest.mark.parametrize(("seconds", "status"), [(29 * 60 + 59, 303), (30 * 60, 404)])
def test_a_link_lasts_thirty_minutes_to_the_second(
    client: StrictClient, world: World, seconds: int, status: int
) -> None:
    now = clock.now()
    with clock.acting_at(now):
        ask(client)
        [(_, link)] = links_mailed()
    with clock.acting_at(now + timedelta(seconds=seconds)):
        assert choose(client, link) == status


def test_an_account_that_has_no_password_or_is_disabled_gets_no_mail(client: StrictClient, world: World) -> None:
    with as_owner() as session:
        session.execute(update(User).where(User.id == world.user["a.mdph"]).values(disabled_at=clock.now()))
        session.execute(update(User).where(User.id == world.user["a.dpo"]).values(password_hash=None))
    for email in ("mdph.a@example.org", "dpo.a@example.org", "personne@example.org"):
        ask(client, email)
    assert links_mailed() == []
    with as_owner() as session:
        ended = session.execute(select(LinkMail.state, LinkMail.reason)).all()
    assert [tuple(row) for row in ended] == [(MailState.DROPPED, DropReason.LINK_OVER)] * 3


def test_a_link_of_an_account_disabled_meanwhile_opens_nothing(client: StrictClient, world: World) -> None:
    ask(client)
    [(_, link)] = links_mailed()
    with as_owner() as session:
        session.execute(update(User).where(User.id == world.user["a.cpam"]).values(disabled_at=clock.now()))
    assert client.get(link).status_code == 404
    assert choose(client, link) == 404


def test_three_links_an_hour_then_silence(client: StrictClient, world: World) -> None:
    for _ in range(6):
        ask(client)
    with as_owner() as session:
        assert session.query(PasswordReset).count() == 3
    with clock.acting_at(clock.now() + timedelta(minutes=61)):
        ask(client)
    with as_owner() as session:
        assert session.query(PasswordReset).count() == 4


def test_twenty_links_an_hour_from_one_source(client: StrictClient, world: World) -> None:
    for number in range(24):
        ask(client, f"personne{number}@example.org")
    with as_owner() as session:
        assert session.query(PasswordReset).count() == 20


def test_no_table_holds_the_token_nor_what_leads_to_it(client: StrictClient, world: World) -> None:
    ask(client)
    with as_owner() as session:
        stored = [
            str(getattr(row, column.key))
            for model in (PasswordReset, LinkMail)
            for row in session.scalars(select(model))
            for column in model.__table__.columns
        ]
    [(_, link)] = links_mailed()
    token = link.rpartition("/")[2]
    assert len(token) == 43
    assert not [value for value in stored if token in value or EMAIL in value]


def test_the_token_of_another_key_opens_nothing_and_a_rotation_breaks_no_link(
    client: StrictClient, world: World
) -> None:
    ask(client)
    crypto.load(Keyring({7: bytes(range(1, 33))}, 7))
    assert links_mailed() == []
    crypto.load(Keyring(KEYS, 1))
    ask(client)
    crypto.load(Keyring({**KEYS, 8: bytes(range(2, 34))}, 8, index=1))
    [(_, link)] = links_mailed()
    assert choose(client, link) == 303


def test_the_tries_of_others_are_forgotten_with_the_old_password(client: StrictClient, world: World) -> None:
    for _ in range(9):
        client.post("/connexion", data={"email": EMAIL, "password": "faux"})
    ask(client)
    [(_, link)] = links_mailed()
    assert choose(client, link) == 303
    assert client.post("/connexion", data={"email": EMAIL, "password": NEW}).status_code == 302


def test_a_mail_leaves_once_whatever_the_server_answers(client: StrictClient, world: World) -> None:
    ask(client)
    with listening() as (mailbox, _):
        mailbox.answers[EMAIL] = "450 later"
        assert notifications.deliver_links()[MailState.SENT] == 0
        mailbox.answers.clear()
        assert notifications.deliver_links()[MailState.SENT] == 0
        with clock.acting_at(clock.now() + timedelta(minutes=2)):
            assert notifications.deliver_links()[MailState.SENT] == 1
            assert notifications.deliver_links()[MailState.SENT] == 0
        assert len(mailbox.received) == 1
        [(_, message)] = mailbox.received
    assert message["Subject"] == "Choisir un nouveau mot de passe"
    assert "CPAM" not in message.get_content().upper().replace("CELLULE PDP", "")


def test_a_password_is_changed_by_who_knows_it(sign_in_as: SignIn, world: World) -> None:
    mine, other = sign_in_as("a.cpam"), sign_in_as("a.cpam")
    page = "/mon-compte/mot-de-passe"
    wrong = mine.post(page, data={"current": "faux", "password": NEW, "repeated": NEW})
    assert wrong.status_code == 422
    assert "Ce n’est pas votre mot de passe actuel" in wrong.get_data(as_text=True)
    assert NEW not in wrong.get_data(as_text=True)
    assert mine.post(page, data={"current": PASSWORD, "password": NEW, "repeated": NEW}).status_code == 303
    assert mine.get("/").status_code == 200
    assert other.get("/").location == "/connexion"
    with as_owner() as session:
        assert matches(session.get_one(User, world.user["a.cpam"]).password_hash, NEW)
        entries = session.scalars(
            select(AuditEntry.refused).where(AuditEntry.action == "account.change_password").order_by(AuditEntry.id)
        ).all()
        left = session.query(UserSession).filter_by(user_id=world.user["a.cpam"], revoked_at=None).count()
    assert list(entries) == [True, False]
    assert left == 1


def test_the_password_in_use_is_guessed_no_faster_from_inside(sign_in_as: SignIn, world: World) -> None:
    mine, page = sign_in_as("a.cpam"), "/mon-compte/mot-de-passe"
    said = [
        mine.post(page, data={"current": f"faux {n}", "password": NEW, "repeated": NEW}).get_data(as_text=True)
        for n in range(9)
    ]
    assert sum("Ce n’est pas votre mot de passe actuel" in each for each in said) == 8
    assert "Patientez quinze minutes" in said[-1]
    assert mine.post(page, data={"current": PASSWORD, "password": NEW, "repeated": NEW}).status_code == 422
