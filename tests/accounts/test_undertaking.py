"""No sign-in opens before its person accepted the confidentiality undertaking in force."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from pdp.accounts import service, undertakings
from pdp.accounts.enums import Proof, SignInStage
from pdp.accounts.models import Membership, UndertakingAcceptance, User, UserSession
from pdp.audit.models import AuditEntry
from pdp.core import clock, db
from pdp.policy.roles import Role
from tests.accounts.settings import LIMITS
from tests.support.client import StrictClient
from tests.support.databases import as_owner, owner_of
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]
PAGE = "/connexion/engagement"
# Ways in, each with the proofs that are enough for it, by hand.
WAYS = (
    (Proof.PASSWORD, Proof.TOTP),
    (Proof.PASSWORD, Proof.PASSKEY),
    (Proof.PASSKEY,),
    (Proof.PROVIDER, Proof.TOTP),
    (Proof.PROVIDER_TWO_FACTORS,),
    (Proof.DEMO,),
)


@pytest.fixture
def newcomer(world: World) -> int:
    """Someone who accepted nothing yet."""
    with as_owner() as session:
        session.add(
            user := User(email="n.a@example.org", given_name="Nadia", family_name="Neuve", created_at=clock.now())
        )
        session.flush()
        session.add(
            membership := Membership(
                user_id=user.id,
                organisation_id=world.organisation["a.cpam"],
                cellule_id=world.cellule["a"],
                role=Role.CPAM,
                starts_on=date(2024, 1, 1),
            )
        )
        session.flush()
        world.user["a.newcomer"], world.membership["a.newcomer"] = user.id, membership.public_id
        return user.id


def proved(user_id: int, way: tuple[Proof, ...]) -> str:
    """Sign a person in by some proofs, and return the token."""
    with db.transaction():
        user = db.session().get_one(User, user_id)
        token = service.begin(user, way[0], LIMITS)
        assert token is not None
    for proof in way[1:]:
        with db.transaction():
            token = service.add_proof(token, proof)
    return token


def accept(client: StrictClient, **values: str) -> int:
    asked = {"undertaking": undertakings.in_force().code, "accepted": "1"} | values
    return client.post(PAGE, data=asked).status_code


def waiting(app: Flask, token: str) -> StrictClient:
    """Return a browser that holds a sign-in on its way."""
    client = app.test_client()
    assert isinstance(client, StrictClient)
    with client.session_transaction() as cookie:
        cookie["sign_in"] = token
    return client


def test_no_way_in_opens_without_the_text_in_force(newcomer: int, figure: Figure) -> None:
    opened = 0
    for way in WAYS:
        token = proved(newcomer, way)
        pending = service.find_pending(token)
        assert pending is not None
        assert pending.stage is SignInStage.UNDERTAKING
        opened += service.resume(token, LIMITS) is not None
        with db.transaction():
            # A proof added again does not do instead of the text.
            again = service.add_proof(token, way[-1])
        opened += service.resume(again, LIMITS) is not None
        assert service.resume(
            service.undertake(again, undertaking=undertakings.in_force().code, accepted=True), LIMITS
        )
        forget(newcomer)
    assert opened == 0
    figure("accounts.undertaking", f"0 of {len(WAYS)} ways in opened before the text in force was accepted")


def forget(user_id: int) -> None:
    """Have a person accept nothing any more, which only the owner of the tables can do by hand."""
    with as_owner() as session:
        if session.get_bind().dialect.name == "sqlite":
            [(name, made)] = session.execute(
                text("SELECT name, sql FROM sqlite_master WHERE name = 'undertaking_acceptance_no_delete'")
            ).all()
            session.execute(text(f"DROP TRIGGER {name}"))
            session.execute(text("DELETE FROM undertaking_acceptance WHERE user_id = :user"), {"user": user_id})
            session.execute(text(made))
            return
        session.execute(text("ALTER TABLE undertaking_acceptance DISABLE TRIGGER USER"))
        session.execute(text("DELETE FROM undertaking_acceptance WHERE user_id = :user"), {"user": user_id})
        session.execute(text("ALTER TABLE undertaking_acceptance ENABLE TRIGGER USER"))


def test_the_page_is_shown_read_accepted_then_the_site_opens(app: Flask, newcomer: int) -> None:
    client = waiting(app, proved(newcomer, (Proof.PASSKEY,)))
    page = client.get(PAGE).get_data(as_text=True)
    assert "article 226-13" in page
    assert "Nadia Neuve" in page
    assert client.get("/").location == "/connexion"
    assert client.get("/mon-compte").status_code == 302
    assert accept(client, accepted="") == 422
    assert accept(client, undertaking="2019-01") == 422
    assert client.get("/").location == "/connexion"
    client.csrf = None
    assert accept(client) == 302
    assert client.get("/").status_code == 200
    with as_owner() as session:
        [kept] = session.scalars(select(UndertakingAcceptance).where(UndertakingAcceptance.user_id == newcomer)).all()
        entries = session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.in_(("account.undertake", "account.sign_in")))
        ).all()
    assert kept.undertaking == undertakings.in_force().code
    assert sorted(entries) == ["account.sign_in", "account.undertake"]


def test_the_token_is_drawn_again_when_the_text_is_accepted(newcomer: int) -> None:
    before = proved(newcomer, (Proof.PASSKEY,))
    after = service.undertake(before, undertaking=undertakings.in_force().code, accepted=True)
    assert after != before
    assert service.resume(before, LIMITS) is None
    assert service.resume(after, LIMITS) is not None


def test_who_accepted_is_not_asked_again(sign_in_as: SignIn, newcomer: int, app: Flask) -> None:
    client = waiting(app, proved(newcomer, (Proof.PASSKEY,)))
    assert accept(client) == 302
    assert service.resume(proved(newcomer, (Proof.PASSKEY,)), LIMITS) is not None
    assert sign_in_as("a.newcomer").get("/").status_code == 200


def test_a_new_version_is_asked_at_the_next_sign_in(newcomer: int) -> None:
    with as_owner() as session:
        session.add(UndertakingAcceptance(user_id=newcomer, undertaking="2025-06", accepted_at=clock.now()))
    pending = service.find_pending(proved(newcomer, (Proof.PASSKEY,)))
    assert pending is not None
    assert pending.stage is SignInStage.UNDERTAKING
    with as_owner() as session:
        assert session.scalar(select(func.count()).where(UndertakingAcceptance.user_id == newcomer)) == 1


def test_a_sign_in_that_owes_a_factor_accepts_nothing(app: Flask, newcomer: int) -> None:
    token = proved(newcomer, (Proof.PASSWORD,))
    client = waiting(app, token)
    assert client.get(PAGE).location == "/connexion"
    assert accept(client) == 303
    again = service.undertake(token, undertaking=undertakings.in_force().code, accepted=True)
    assert service.resume(again, LIMITS) is None
    with as_owner() as session:
        assert session.scalar(select(func.count()).where(UndertakingAcceptance.user_id == newcomer)) == 0
        stages = session.scalars(select(UserSession.stage).where(UserSession.user_id == newcomer)).all()
    assert set(stages) == {SignInStage.SECOND_FACTOR}


def test_a_demo_visitor_is_asked_too(app: Flask, newcomer: int, world: World) -> None:
    token = service.sign_in_as(world.membership["a.newcomer"], LIMITS)
    assert service.resume(token, LIMITS) is None
    assert waiting(app, token).get(PAGE).status_code == 200


@pytest.mark.parametrize(
    "verb", ["UPDATE undertaking_acceptance SET undertaking = 'x'", "DELETE FROM undertaking_acceptance"]
)
def test_what_was_accepted_is_never_changed(world: World, verb: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), owner_of(db.bound()).engine.begin() as connection:
        connection.execute(text(verb))


def test_the_text_is_read_again_and_printed_from_one_s_account(sign_in_as: SignIn) -> None:
    client = sign_in_as("a.spst")
    assert "/mon-compte/engagement" in client.get("/mon-compte").get_data(as_text=True)
    page = client.get("/mon-compte/engagement").get_data(as_text=True)
    assert "secret professionnel" in page
    assert re.search(r"Version 2026-01, acceptée par Spst EssaiA le ", page)


def test_the_texts_are_dated_and_their_french_is_set() -> None:
    found = undertakings.undertakings()
    assert len({each.code for each in found}) == len(found)
    for each in found:
        for words in (each.introduction, *(clause.text for clause in each.clauses)):
            assert not re.search(r" [:;!?»]|« ", words)
    assert undertakings.on(date(1999, 1, 1)) is found[-1]
