"""Every way in × every set of factors: none opens the site without two factors outside demo mode.

To add a way in: one function below, one line of `PATHS`, and its endpoints in `PUBLIC`.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import combinations, product

import pytest
from flask import Flask
from sqlalchemy import delete, select

from pdp.accounts import rules
from pdp.accounts import service as accounts
from pdp.accounts.enums import Proof, SignInStage
from pdp.accounts.login import limits_of
from pdp.accounts.models import PasswordReset, SignInAttempt, User, UserSession
from pdp.accounts.service.reset import find_opening
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.factors.models import Passkey, PasskeyChallenge, TotpFactor
from pdp.partners.models import Invitation
from pdp.settings import Settings, SettingsError
from pdp.web import guards
from tests.access.places import parameters
from tests.factors.authenticator import Device
from tests.factors.builders import give_passkey
from tests.partners.test_people import chosen, link_of
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.signing import code_of, forget_codes
from tests.support.world import PASSWORD, World, totp_secret

Figure = Callable[[str, object], None]
NAME, EMAIL = "a.cpam", "cpam.a@example.org"
HELD: tuple[frozenset[str], ...] = tuple(
    frozenset(held) for held in ((), ("totp",), ("passkey",), ("totp", "passkey"))
)


@dataclass
class Scene:
    """Someone who takes a way in: a browser, and what the account holds."""

    app: Flask
    client: StrictClient
    world: World
    settings: Settings
    device: Device | None

    def password(self, password: str = PASSWORD) -> None:
        """Type the address and a password."""
        self.client.csrf = None
        self.client.post("/connexion", data={"email": EMAIL, "password": password})
        self.client.csrf = None

    def begun(self, *proofs: Proof) -> None:
        """Hold the cookie of a sign-in that proved this much, in both places of the cookie."""
        with db.transaction():
            user = db.session().get_one(User, self.world.user[NAME])
            token = accounts.begin(user, proofs[0], limits_of(self.settings))
            assert token
            for proof in proofs[1:]:
                token = accounts.add_proof(token, proof)
            audit.record(None, "tests.begun")
        self.hold(token)

    def hold(self, token: str) -> None:
        """Carry a token in the cookie, as one on its way and as an open one."""
        with self.client.session_transaction() as cookie:
            cookie["sign_in"] = cookie["_user_id"] = token
            cookie["_fresh"] = True


def _password(scene: Scene) -> None:
    scene.password()


def _password_then_home(scene: Scene) -> None:
    scene.password()
    for path in ("/", "/dossiers", "/mon-compte/securite", "/mon-compte/securite/application", "/mon-role"):
        scene.client.get(path)


def _password_then_undertaking(scene: Scene) -> None:
    scene.password()
    scene.client.post("/connexion/engagement", data={"accepted": "1"})


def _password_then_its_token_as_open(scene: Scene) -> None:
    scene.password()
    with scene.client.session_transaction() as cookie:
        scene.hold(cookie["sign_in"])


def _password_then_wrong_codes(scene: Scene) -> None:
    scene.password()
    for code in ("000000", "123456", "", "' OR 1=1 --"):
        scene.client.post("/connexion/second-facteur", data={"code": code})


def _password_then_the_code_of_another(scene: Scene) -> None:
    scene.password()
    scene.client.post("/connexion/second-facteur", data={"code": code_of("manager.a@example.org")})


def _password_then_enrolment_without_code(scene: Scene) -> None:
    scene.password()
    scene.client.post("/connexion/premier-code", data={"offer": "AAAA", "code": "123456"})


def _password_then_step_up(scene: Scene) -> None:
    scene.password()
    scene.client.post("/confirmation", data={"suite": "/", "step_up_code": code_of(EMAIL)})


def _password_twice(scene: Scene) -> None:
    scene.password()
    scene.password()


def _code_alone(scene: Scene) -> None:
    scene.begun(Proof.TOTP)


def _provider(scene: Scene) -> None:
    scene.begun(Proof.PROVIDER)


def _provider_and_password(scene: Scene) -> None:
    scene.begun(Proof.PROVIDER, Proof.PASSWORD)


def _recovery(scene: Scene) -> None:
    scene.begun(Proof.RECOVERY)


def _recovery_and_password(scene: Scene) -> None:
    scene.begun(Proof.PASSWORD, Proof.RECOVERY)


def _recovery_and_provider(scene: Scene) -> None:
    scene.begun(Proof.PROVIDER, Proof.RECOVERY)


def _demo_door(scene: Scene) -> None:
    scene.client.post("/connexion/demonstration", data={"membership": scene.world.membership[NAME]})


def _reset_by_mail(scene: Scene) -> None:
    scene.client.post("/mot-de-passe-oublie", data={"email": EMAIL})
    with as_owner() as session:
        public_id = session.scalars(select(PasswordReset.public_id)).one()
    opening = find_opening(public_id)
    assert opening is not None
    scene.client.post(opening.path, data=chosen("quatre mots tirés au hasard"))
    scene.password("quatre mots tirés au hasard")


def _invitation(scene: Scene) -> None:
    manager = scene.app.test_client()
    assert isinstance(manager, StrictClient)
    token = accounts.sign_in_as(scene.world.membership["a.cap_emploi"], limits_of(scene.settings))
    with manager.session_transaction() as cookie:
        cookie["_user_id"] = token
    scene.client.post(link_of(manager, EMAIL), data=chosen(PASSWORD))
    accounts.sign_out(token)
    scene.password()


def _password_then_right_code(scene: Scene) -> None:
    scene.password()
    scene.client.post("/connexion/second-facteur", data={"code": code_of(EMAIL)})


def _passkey(scene: Scene) -> None:
    device = scene.device or Device(user_handle=b"personne")
    options = scene.client.post("/connexion/cle-acces/defi").get_json()
    scene.client.post("/connexion/cle-acces", data={"credential": json.dumps(device.use(options))})


def _password_then_passkey(scene: Scene) -> None:
    scene.password()
    device = scene.device or Device(user_handle=b"personne")
    options = scene.client.post("/connexion/second-facteur/cle-acces/defi").get_json()
    scene.client.post("/connexion/second-facteur/cle-acces", data={"credential": json.dumps(device.use(options))})


def _provider_with_two_factors(scene: Scene) -> None:
    scene.begun(Proof.PROVIDER_TWO_FACTORS)


# The way in, and the factor that the account must hold for it to open: none when it never opens, any when "".
PATHS: dict[str, tuple[Callable[[Scene], None], str | None]] = {
    "a password": (_password, None),
    "a password, then pages asked for at once": (_password_then_home, None),
    "a password, then the undertaking posted at once": (_password_then_undertaking, None),
    "a password, its token carried as an open one": (_password_then_its_token_as_open, None),
    "a password and wrong codes": (_password_then_wrong_codes, None),
    "a password and the code of somebody else": (_password_then_the_code_of_another, None),
    "a password and an enrolment without its code": (_password_then_enrolment_without_code, None),
    "a password and the page of the second proof": (_password_then_step_up, None),
    "a password twice": (_password_twice, None),
    "a code without a password": (_code_alone, None),
    "a provider, one factor": (_provider, None),
    "a provider and a password": (_provider_and_password, None),
    "a recovery alone": (_recovery, None),
    "a recovery and a password": (_recovery_and_password, None),
    "a recovery and a provider": (_recovery_and_provider, None),
    "the door of the demo": (_demo_door, None),
    "a reset by a mailed link": (_reset_by_mail, None),
    "an invitation by a mailed link": (_invitation, None),
    "a password and a right code": (_password_then_right_code, "totp"),
    "a passkey": (_passkey, "passkey"),
    "a password and a passkey": (_password_then_passkey, "passkey"),
    "a provider that attests two factors": (_provider_with_two_factors, ""),
}


def _hold(world: World, held: Iterable[str]) -> Device | None:
    """Give the account these factors and no other; forget the codes used and the sign-ins of the last set."""
    with as_owner() as session:
        for table in (UserSession, PasskeyChallenge, PasswordReset, Invitation, SignInAttempt):
            session.execute(delete(table))
        for factor in (TotpFactor, Passkey):
            session.execute(delete(factor).where(factor.user_id == world.user[NAME]))
        if "totp" in held:
            session.add(
                TotpFactor(
                    user_id=world.user[NAME],
                    secret=totp_secret(NAME),
                    name="Téléphone",
                    confirmed_at=clock.now(),
                    last_step=0,
                )
            )
    forget_codes()
    return give_passkey(world, NAME) if "passkey" in held else None


@pytest.mark.parametrize("path", PATHS)
def test_no_way_in_opens_without_two_factors(
    app: Flask, settings: Settings, world: World, path: str, figure: Figure
) -> None:
    take, needs = PATHS[path]
    for held in HELD:
        client = app.test_client()
        assert isinstance(client, StrictClient)
        scene = Scene(app, client, world, settings, _hold(world, held))
        take(scene)
        expected = needs == "" or (needs is not None and needs in held)
        with as_owner() as session:
            stages = set(session.scalars(select(UserSession.stage).where(UserSession.user_id == world.user[NAME])))
        assert (client.get("/").status_code == 200) is expected, f"{path}, holding {sorted(held)}"
        assert (SignInStage.OPEN in stages) is expected, f"{path}, holding {sorted(held)}"
    figure("factors.paths", f"{len(PATHS)} ways in x {len(HELD)} sets of factors: 0 open without two factors")


# The least sets of proofs that make two factors of different kinds, written by hand.
TWO_FACTORS = [
    {Proof.PASSWORD, Proof.TOTP},
    {Proof.PROVIDER, Proof.TOTP},
    {Proof.PASSKEY},
    {Proof.PROVIDER_TWO_FACTORS},
    {Proof.DEMO},
]


def test_only_two_factors_of_different_kinds_open_whatever_else_was_shown(figure: Figure) -> None:
    tried = opened = 0
    for size in range(len(Proof) + 1):
        for proofs in combinations(Proof, size):
            expected = any(least <= set(proofs) for least in TWO_FACTORS)
            stages = {undertaken: rules.stage_after(proofs, undertaken=undertaken) for undertaken in (False, True)}
            assert (stages[True] is SignInStage.OPEN) is expected, proofs
            assert stages[False] is not SignInStage.OPEN
            tried += 1
            opened += expected
    assert tried == 2 ** len(Proof)
    figure("factors.proofs", f"{tried} sets of proofs, {tried - opened} of them open nothing")


# Every address that anyone may post to, and the line of PATHS that takes it, or why it cannot open.
PUBLIC = {
    "accounts.sign_in_post": "a password",
    "accounts.sign_in_demo": "the door of the demo",
    "accounts.undertaking_post": "a password, then the undertaking posted at once",
    "accounts.forgotten_post": "a reset by a mailed link",
    "accounts.choose_password_post": "a reset by a mailed link",
    "factors.challenge_post": "a password and wrong codes",
    "factors.enrol_post": "a password and an enrolment without its code",
    "factors.passkey_sign_in_ask": "a passkey",
    "factors.passkey_sign_in": "a passkey",
    "factors.passkey_prove_ask": "a password and a passkey",
    "factors.passkey_prove": "a password and a passkey",
    "factors.passkey_first_ask": "tests/factors/test_passkeys.py",
    "factors.passkey_first": "tests/factors/test_passkeys.py",
    "factors.recover_ask": "tests/factors/test_recovery.py",
    "factors.recover_cancel": "tests/factors/test_recovery.py",
    "factors.recover_begin": "tests/factors/test_recovery.py",
    "federation.begin": "tests/federation",
    "partners.accept": "an invitation by a mailed link",
    # Answers by a mailed link, without signing in: they open no door.
    "convocations.answer_link": "tests/convocations",
    "convocations.mark_read": "tests/convocations",
}


def test_each_public_address_that_takes_a_form_is_on_a_way_of_the_matrix(app: Flask, world: World) -> None:
    found = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set()) and guards.access_of(app, rule.endpoint) == guards.PUBLIC
    }
    assert found == set(PUBLIC)
    assert {way for way in PUBLIC.values() if not way.startswith("tests/")} <= set(PATHS)


def test_no_public_address_lets_a_half_proved_sign_in_through(app: Flask, world: World, figure: Figure) -> None:
    data = {"email": EMAIL, "password": PASSWORD, "code": "000000", "accepted": "1", "undertaking": "1"}
    known, tried = parameters(world), 0
    for rule, held in product(app.url_map.iter_rules(), (frozenset(), frozenset({"totp"}))):
        if guards.access_of(app, rule.endpoint) != guards.PUBLIC:
            continue
        client = app.test_client()
        assert isinstance(client, StrictClient)
        _hold(world, held)
        client.post("/connexion", data={"email": EMAIL, "password": PASSWORD})
        client.csrf = None
        path = app.url_map.bind("localhost").build(rule.endpoint, {name: known[name] for name in rule.arguments})
        for method in {"GET", "POST"} & (rule.methods or set()):
            client.open(path, method=method, data=data if method == "POST" else None)
            assert client.get("/").status_code == 302, f"{method} {rule.rule}, holding {sorted(held)}"
            tried += 1
    figure("factors.public", f"{tried} requests to public addresses by a half-proved sign-in: 0 open")


def test_production_has_no_door_of_the_demo(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="demo mode"):
        replace(settings, demo=True, production=True).refuse_unsafe()
