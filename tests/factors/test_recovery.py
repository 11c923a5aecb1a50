"""An account whose factors are lost: it takes the password and two persons, and nothing less."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import chain
from typing import Any

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select

from pdp.audit.models import AuditEntry
from pdp.core import clock, db
from pdp.core.errors import DomainError
from pdp.factors.enums import Recognition, RecoveryState
from pdp.factors.models import FactorRecovery, FactorVouching, Passkey, TotpFactor
from pdp.factors.service import vouching
from pdp.notifications.models import Notice, OutboxMail
from pdp.policy.actor import Actor
from pdp.policy.roles import Role
from pdp.policy.vouching import RecoveryWay
from tests.factors.authenticator import Device
from tests.factors.builders import NUMBER, add_recovery, give_passkey
from tests.factors.test_passkeys import ask, is_in, type_password
from tests.support import world as worlds
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.signing import sign_in_fully
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
ActorOf = Callable[[str], Actor]
EMAIL = "cpam.a@example.org"
_SHOWN = re.compile(r'recovery-number".*?</span>(\d{3})&nbsp;(\d{3})<')


def ask_for_recovery(client: StrictClient, email: str = EMAIL) -> str:
    """Ask, and return the number that the page shows."""
    type_password(client, email)
    assert "J’ai perdu mon moyen" in client.get("/connexion/second-facteur").get_data(as_text=True)
    assert client.post("/connexion/recuperation").status_code == 303
    return shown(client)


def shown(client: StrictClient) -> str:
    """Return the number that the page of recovery shows, empty when it shows none."""
    found = _SHOWN.search(client.get("/connexion/recuperation").get_data(as_text=True))
    return found[1] + found[2] if found else ""


def request_id() -> str:
    with as_owner() as session:
        return session.scalars(select(FactorRecovery.public_id).order_by(FactorRecovery.id.desc())).first() or ""


def state() -> RecoveryState:
    with as_owner() as session:
        return session.scalars(select(FactorRecovery.state).order_by(FactorRecovery.id.desc())).first() or ""


def post_word(client: StrictClient, number: str, how: str = "video") -> int:
    address = f"/cellule/recuperations/{request_id()}"
    return client.post(address, data={"number": number, "how": how}).status_code


def factors_of(world: World, name: str) -> tuple[int, int]:
    """Count the applications of codes and the passkeys of a person."""
    with as_owner() as session:
        return tuple(
            session.scalar(select(func.count()).where(kind.user_id == world.user[name]))
            for kind in (TotpFactor, Passkey)
        )


def test_two_persons_bring_an_account_back(app: Flask, world: World, sign_in_as: SignIn, figure: Any) -> None:
    give_passkey(world, "a.cpam")
    open_elsewhere, lost, home = app.test_client(), app.test_client(), app.test_client()
    sign_in_fully(open_elsewhere, EMAIL)
    number = ask_for_recovery(lost)
    assert post_word(sign_in_as("a.coordinateur"), f"{number[:3]} {number[3:]}", "called_back") == 303
    assert post_word(sign_in_as("a.admin"), number, "in_person") == 303
    assert state() is RecoveryState.ACCEPTED
    assert factors_of(world, "a.cpam") == (1, 1)
    assert is_in(open_elsewhere)
    # Another browser: the password again, the number noted, a new factor.
    type_password(home)
    assert shown(home) == ""
    assert home.post("/connexion/recuperation/suite", data={"number": number}).location == "/connexion/second-facteur"
    home.csrf = None
    options = ask(home, "/connexion/premiere-cle/defi")
    assert home.post("/connexion/premiere-cle", data={"credential": Device().make(options)}).location == "/"
    assert is_in(home)
    assert not is_in(open_elsewhere)
    assert factors_of(world, "a.cpam") == (0, 1)
    assert state() is RecoveryState.DONE
    with as_owner() as session:
        done = session.scalars(select(AuditEntry).where(AuditEntry.action == "recovery.done")).one()
        told = set(session.scalars(select(Notice.user_id).where(Notice.kind == "recovery_done")))
    assert (done.user_id, done.detail) == (world.user["a.cpam"], {"removed": 2})
    assert told == {world.user[name] for name in ("a.cpam", "a.coordinateur", "a.admin")}
    figure("recovery.two_persons", "1 way back with two persons and the password; 0 with one")


def test_a_code_may_be_the_new_factor_too(app: Flask, client: StrictClient, world: World) -> None:
    accept(world, "a.cpam")
    type_password(client)
    client.post("/connexion/recuperation/suite", data={"number": NUMBER})
    client.csrf = None
    page = client.get("/connexion/premier-code").get_data(as_text=True)
    offer = re.search(r'name="offer" value="([^"]+)"', page)
    secret = re.search(r"secret=([A-Z2-7]+)", page)
    assert offer
    assert secret
    wrong = client.post("/connexion/premier-code", data={"offer": offer[1], "code": "000000"})
    assert wrong.status_code == 422
    assert factors_of(world, "a.cpam") == (1, 0)
    assert state() is RecoveryState.ACCEPTED
    code = pyotp.TOTP(secret[1]).at(int(clock.now().timestamp()))
    assert client.post("/connexion/premier-code", data={"offer": offer[1], "code": code}).location == "/"
    assert factors_of(world, "a.cpam") == (1, 0)
    with as_owner() as session:
        stored = session.scalars(select(TotpFactor).where(TotpFactor.user_id == world.user["a.cpam"])).one()
    assert stored.secret == secret[1]


def accept(world: World, name: str, way: RecoveryWay = RecoveryWay.CORE) -> None:
    """Store a request that two persons vouched for."""
    with as_owner():
        recovery = add_recovery(world, name, way)
        recovery.state, recovery.accepted_at = RecoveryState.ACCEPTED, clock.now()


def test_a_password_alone_brings_nothing_back(client: StrictClient, world: World) -> None:
    number = ask_for_recovery(client)
    for path in ("/connexion/recuperation/suite", "/connexion/premiere-cle/defi", "/connexion/premier-code"):
        client.post(path, data={"number": number})
    assert client.get("/connexion/premier-code").location == "/connexion/second-facteur"
    assert factors_of(world, "a.cpam") == (1, 0)
    assert not is_in(client)


def test_the_word_of_one_person_brings_nothing_back(app: Flask, world: World, sign_in_as: SignIn) -> None:
    lost, again = app.test_client(), app.test_client()
    number = ask_for_recovery(lost)
    coordinator = sign_in_as("a.coordinateur")
    assert post_word(coordinator, number) == 303
    assert post_word(coordinator, number) == 422
    type_password(again)
    assert again.post("/connexion/recuperation/suite", data={"number": number}).status_code == 422
    assert again.post("/connexion/premiere-cle/defi").status_code == 404
    assert state() is RecoveryState.WAITING


def test_who_knows_the_password_but_not_the_number_takes_nothing(client: StrictClient, world: World) -> None:
    accept(world, "a.cpam")
    for wrong in ("000000", "111111", "", "48320", NUMBER[::-1]):
        type_password(client)
        assert NUMBER[:3] not in client.get("/connexion/recuperation").get_data(as_text=True).split("<main")[1]
        client.post("/connexion/recuperation/suite", data={"number": wrong})
        assert client.post("/connexion/premiere-cle/defi").status_code == 404
    assert not is_in(client)


def test_five_wrong_numbers_end_the_request(client: StrictClient, world: World) -> None:
    accept(world, "a.cpam")
    type_password(client)
    for _ in range(5):
        assert client.post("/connexion/recuperation/suite", data={"number": "000000"}).status_code == 422
    assert state() is RecoveryState.REFUSED
    assert client.post("/connexion/recuperation/suite", data={"number": NUMBER}).status_code == 422


def test_the_password_is_typed_again_after_the_two_words(
    client: StrictClient, world: World, sign_in_as: SignIn
) -> None:
    number = ask_for_recovery(client)
    post_word(sign_in_as("a.coordinateur"), number)
    post_word(sign_in_as("a.manager"), number)
    answer = client.post("/connexion/recuperation/suite", data={"number": number})
    assert answer.status_code == 422
    assert "tapez de nouveau votre mot de passe" in answer.get_data(as_text=True)


def test_a_request_ends_after_a_day(app: Flask, client: StrictClient, world: World, sign_in_as: SignIn) -> None:
    accept(world, "a.cpam")
    with time_machine.travel(clock.now() + timedelta(hours=24, minutes=1), tick=False):
        type_password(client)
        assert client.post("/connexion/recuperation/suite", data={"number": NUMBER}).status_code == 422
        assert "Demander à être reconnu" in client.get("/connexion/recuperation").get_data(as_text=True)
        client.post("/connexion/recuperation")
    with as_owner() as session:
        states = session.scalars(select(FactorRecovery.state).order_by(FactorRecovery.id)).all()
    assert states == [RecoveryState.EXPIRED, RecoveryState.WAITING]


def test_the_person_is_told_at_once_and_may_cancel(app: Flask, client: StrictClient, world: World) -> None:
    """An attacker who has the password asks; the person, who has the telephone, sees it and ends it."""
    person = app.test_client()
    sign_in_fully(person, EMAIL)
    ask_for_recovery(client)
    with as_owner() as session:
        mails = session.execute(select(OutboxMail.user_id, OutboxMail.kind)).all()
    assert (world.user["a.cpam"], "recovery_asked") in mails
    vouchers = {user for user, kind in mails if kind == "recovery_to_vouch"}
    assert vouchers == {world.user[name] for name in ("a.coordinateur", "a.manager", "a.admin")}
    assert "Annuler cette demande" in person.get("/mon-compte/recuperation").get_data(as_text=True)
    assert person.post("/mon-compte/recuperation").status_code == 303
    assert state() is RecoveryState.CANCELLED


@pytest.mark.parametrize(("stopped_by", "expected"), [("a.coordinateur", "cancelled"), ("a.manager", "refused")])
def test_either_person_ends_it_even_after_the_two_words(
    client: StrictClient, world: World, sign_in_as: SignIn, stopped_by: str, expected: str
) -> None:
    number = ask_for_recovery(client)
    post_word(sign_in_as("a.coordinateur"), number)
    post_word(sign_in_as("a.admin"), number)
    assert sign_in_as(stopped_by).post(f"/cellule/recuperations/{request_id()}/arret").status_code == 303
    assert state().value == expected
    type_password(client)
    assert client.post("/connexion/recuperation/suite", data={"number": number}).status_code == 422
    with as_owner() as session:
        told = set(session.scalars(select(Notice.user_id).where(Notice.kind == "recovery_ended")))
    everyone = {world.user[name] for name in ("a.cpam", "a.coordinateur", "a.admin")}
    assert told == everyone - {world.user[stopped_by]}


def close_account_of(admin: StrictClient, world: World, name: str) -> None:
    page = f"/personnes/{world.membership[name]}/fermeture"
    assert admin.post(page, data={"reason": "incident"}).status_code == 303


def test_the_word_of_an_account_closed_meanwhile_is_worth_nothing(
    app: Flask, world: World, sign_in_as: SignIn
) -> None:
    lost, admin = app.test_client(), sign_in_as("a.admin")
    number = ask_for_recovery(lost)
    manager = sign_in_as("a.manager")
    assert post_word(manager, number) == 303
    # The word of an account that somebody had stolen, say: it was closed as soon as that was known.
    close_account_of(admin, world, "a.manager")
    answer = sign_in_as("a.coordinateur").post(
        f"/cellule/recuperations/{request_id()}", data={"number": number, "how": "video"}
    )
    assert answer.status_code == 422
    assert "n’a plus accès" in answer.get_data(as_text=True)
    assert state() is RecoveryState.WAITING


@pytest.mark.parametrize("begun", [False, True])
def test_two_words_fall_with_the_access_of_one_of_them(
    app: Flask, world: World, sign_in_as: SignIn, begun: bool
) -> None:
    lost, admin, again = app.test_client(), sign_in_as("a.admin"), app.test_client()
    number = ask_for_recovery(lost)
    assert post_word(sign_in_as("a.manager"), number) == 303
    assert post_word(sign_in_as("a.coordinateur"), number) == 303
    type_password(again)
    if begun:
        again.post("/connexion/recuperation/suite", data={"number": number})
        again.csrf = None
        options = ask(again, "/connexion/premiere-cle/defi")
        close_account_of(admin, world, "a.manager")
        again.post("/connexion/premiere-cle", data={"credential": Device().make(options)})
    else:
        close_account_of(admin, world, "a.manager")
        answer = again.post("/connexion/recuperation/suite", data={"number": number})
        assert answer.status_code == 422
    assert factors_of(world, "a.cpam") == (1, 0)
    assert not is_in(again)


def test_a_request_that_ended_during_the_enrolment_removes_nothing(client: StrictClient, world: World) -> None:
    accept(world, "a.cpam")
    type_password(client)
    client.post("/connexion/recuperation/suite", data={"number": NUMBER})
    client.csrf = None
    options = ask(client, "/connexion/premiere-cle/defi")
    with as_owner() as session:
        session.scalars(select(FactorRecovery)).one().ended_at = clock.now()
    client.post("/connexion/premiere-cle", data={"credential": Device().make(options)})
    assert factors_of(world, "a.cpam") == (1, 0)
    assert not is_in(client)


def test_three_requests_a_day_are_enough(client: StrictClient, world: World) -> None:
    type_password(client)
    for _ in range(3):
        assert client.post("/connexion/recuperation").status_code == 303
        assert client.post("/connexion/recuperation").status_code == 422
        client.post("/connexion/recuperation/annulation")
    assert client.post("/connexion/recuperation").status_code == 422
    with as_owner() as session:
        assert session.scalar(select(func.count()).select_from(FactorRecovery)) == 3


def test_a_word_needs_a_recent_proof(app: Flask, client: StrictClient, world: World) -> None:
    number = ask_for_recovery(client)
    coordinator = app.test_client()
    sign_in_fully(coordinator, "coordinateur.a@example.org")
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert post_word(coordinator, number) == 403
    assert state() is RecoveryState.WAITING
    with as_owner() as session:
        assert session.scalars(select(FactorVouching)).all() == []


def test_who_may_not_name_a_sensitive_partner_is_neither_told_nor_shown(
    client: StrictClient, world: World, sign_in_as: SignIn
) -> None:
    with as_owner() as session:
        session.get_one(worlds.Organisation, world.organisation["a.comete"]).sensitive = True
    ask_for_recovery(client, "comete.a@example.org")
    with as_owner() as session:
        told = set(session.scalars(select(Notice.user_id).where(Notice.kind == "recovery_to_vouch")))
    assert told == {world.user[name] for name in ("a.coordinateur", "a.manager")}
    address = f"/cellule/recuperations/{request_id()}"
    assert sign_in_as("a.admin").get(address).status_code == 404
    assert sign_in_as("a.manager").get(address).status_code == 200


# Who asks → each person of the cellule whose word counts first, then those whose word is enough with it.
PAIRS: dict[str, dict[str, set[str]]] = {
    "a.service_social": {
        "a.coordinateur": {"a.coordinateur_2", "a.manager", "a.manager_2", "a.admin"},
        "a.coordinateur_2": {"a.coordinateur", "a.manager", "a.manager_2", "a.admin"},
        "a.manager": {"a.coordinateur", "a.coordinateur_2"},
        "a.manager_2": {"a.coordinateur", "a.coordinateur_2"},
        "a.admin": {"a.coordinateur", "a.coordinateur_2"},
    },
    "a.coordinateur": {
        "a.coordinateur_2": {"a.manager", "a.manager_2", "a.admin"},
        "a.manager": {"a.coordinateur_2", "a.manager_2", "a.admin"},
        "a.manager_2": {"a.coordinateur_2", "a.manager", "a.admin"},
        "a.admin": {"a.coordinateur_2", "a.manager", "a.manager_2"},
    },
    "a.cap_emploi_2": {
        "a.cap_emploi": {"a.coordinateur", "a.coordinateur_2"},
        "a.coordinateur": {"a.cap_emploi"},
        "a.coordinateur_2": {"a.cap_emploi"},
    },
    "a.spst": {
        "a.coordinateur": {"a.coordinateur_2", "a.manager", "a.manager_2", "a.admin"},
        "a.coordinateur_2": {"a.coordinateur", "a.manager", "a.manager_2", "a.admin"},
        "a.manager": {"a.coordinateur", "a.coordinateur_2"},
        "a.manager_2": {"a.coordinateur", "a.coordinateur_2"},
        "a.admin": {"a.coordinateur", "a.coordinateur_2"},
    },
}
OF_WAY = {"a.coordinateur": RecoveryWay.COORDINATOR, "a.cap_emploi_2": RecoveryWay.PARTNER}


@pytest.mark.parametrize("asking", PAIRS)
def test_every_pair_of_persons_of_two_cellules(world: World, actor_of: ActorOf, asking: str, figure: Any) -> None:
    with as_owner():
        for role in (Role.COORDINATEUR, Role.MANAGER, Role.CAP_EMPLOI):
            worlds.add_person(world, "a", role, f"{role}_2")
            worlds.add_person(world, "b", role, f"{role}_2")
        membership = (
            db.session().query(worlds.Membership).filter_by(public_id=world.membership["a.cap_emploi_2"]).one()
        )
        membership.is_org_manager = False
    actors = {name: actor_of(name) for name in world.membership}
    tried, found = 0, dict[str, set[str]]()
    for first, one in actors.items():
        request = fresh(world, asking)
        if not gives(one, request):
            continue
        found[first] = set()
        for second, other in actors.items():
            tried += 1
            if gives(other, request):
                found[first].add(second)
                request = fresh(world, asking)
                assert gives(one, request)
    assert found == PAIRS[asking]
    assert tried == len(PAIRS[asking]) * len(actors)
    right = sum(map(len, chain(found.values())))
    figure(f"recovery.persons.{asking.partition('.')[2]}", f"{tried} pairs tried, {right} right, as the table says")


def fresh(world: World, name: str) -> str:
    """Replace the requests by one that nobody vouched for."""
    with as_owner() as session:
        session.execute(delete(FactorVouching))
        session.execute(delete(FactorRecovery))
        return add_recovery(world, name, OF_WAY.get(name, RecoveryWay.CORE)).public_id


def gives(actor: Actor, request: str) -> bool:
    """Tell whether the word of a person was taken."""
    try:
        vouching.vouch(actor, request, number=NUMBER, how=Recognition.IN_PERSON)
    except DomainError:
        return False
    return True


def test_the_list_costs_the_same_for_five_and_forty_requests(
    world: World, sign_in_as: SignIn, count_queries: Callable[[], Any]
) -> None:
    coordinator = sign_in_as("a.coordinateur")
    costs = []
    for count in (5, 40):
        with as_owner() as session:
            session.execute(delete(FactorRecovery))
            for _ in range(count):
                recovery = add_recovery(world, "a.cpam")
                recovery.ended_at, recovery.state = clock.now(), RecoveryState.CANCELLED
                session.flush()
        with count_queries() as seen:
            page = coordinator.get("/cellule/recuperations").get_data(as_text=True)
        assert page.count('scope="row"') == count
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_a_partner_who_manages_nobody_sees_no_request(world: World, sign_in_as: SignIn) -> None:
    with as_owner():
        public_id = add_recovery(world, "a.cpam").public_id
    for name in ("a.spst", "a.cap_emploi", "a.oeth"):
        page = sign_in_as(name).get("/cellule/recuperations")
        assert "Aucune demande" in page.get_data(as_text=True)
        assert sign_in_as(name).get(f"/cellule/recuperations/{public_id}").status_code == 404
    for name in ("a.cpam", "a.service_social", "a.dpo", "a.pilotage"):
        assert sign_in_as(name).get("/cellule/recuperations").status_code == 404
