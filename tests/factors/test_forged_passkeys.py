"""What a passkey answers, altered in every way one can think of: nothing opens."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from subprocess import PIPE
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from pdp.accounts import service as accounts
from pdp.accounts.models import UserSession
from pdp.accounts.rules import SessionLimits
from pdp.core import clock
from pdp.core.db import Database
from pdp.core.errors import RuleViolation
from pdp.factors.models import Passkey, TotpFactor
from pdp.factors.service import passkeys
from pdp.factors.service.ceremony import Site
from pdp.policy.actor import Actor
from tests.factors.authenticator import PRESENT, VERIFIED, Device, b64, unb64
from tests.factors.builders import give_passkey
from tests.factors.test_passkeys import EMAIL, ask, forget_factors, is_in, type_password
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SITE = Site("localhost", "http://localhost")
# A device that says zero at each use: nothing but the challenge refuses its answer the second time.
NEVER_COUNTS = -1
LIMITS = SessionLimits(timedelta(minutes=30), timedelta(hours=10))
Options = dict[str, Any]
Alter = Callable[[Device, Options], Any]


def _changed(answer: dict[str, Any], **response: Any) -> dict[str, Any]:
    return answer | {"response": answer["response"] | response}


def _flip(text: str) -> str:
    raw = bytearray(unb64(text))
    raw[-1] ^= 1
    return b64(bytes(raw))


def _resigned_by_another(device: Device, options: Options) -> Any:
    """The right name of the key, the signature of another one."""
    thief = Device(credential_id=device.credential_id, user_handle=device.user_handle, count=device.count)
    return thief.use(options)


def _flags_raised_after_signing(device: Device, options: Options) -> Any:
    answer = device.use(options, flags=PRESENT)
    data = bytearray(unb64(answer["response"]["authenticatorData"]))
    data[32] |= VERIFIED
    return _changed(answer, authenticatorData=b64(bytes(data)))


def _count_raised_after_signing(device: Device, options: Options) -> Any:
    answer = device.use(options)
    data = bytearray(unb64(answer["response"]["authenticatorData"]))
    data[36] += 9
    return _changed(answer, authenticatorData=b64(bytes(data)))


def _origin_changed_after_signing(device: Device, options: Options) -> Any:
    answer = device.use(options, origin="https://evil.example.net")
    client = json.loads(unb64(answer["response"]["clientDataJSON"])) | {"origin": "http://localhost"}
    return _changed(answer, clientDataJSON=b64(json.dumps(client).encode()))


def _signed_with_another_curve(device: Device, options: Options) -> Any:
    answer = device.use(options)
    other = ec.generate_private_key(ec.SECP384R1()).sign(b"x", ec.ECDSA(hashes.SHA384()))
    return _changed(answer, signature=b64(other))


def _another_name(device: Device, options: Options) -> Any:
    return device.use(options) | {"id": b64(b"another"), "rawId": b64(b"another")}


def _two_names(device: Device, options: Options) -> Any:
    return device.use(options) | {"id": b64(b"another")}


# What is altered → how. The first line alters nothing: it is the only one that opens.
ALTERED: dict[str, Alter] = {
    "nothing": lambda device, options: device.use(options),
    "another origin": lambda device, options: device.use(options, origin="https://evil.example.net"),
    "an origin of the same host, another port": lambda device, options: device.use(
        options, origin="http://localhost:81"
    ),
    "https for http": lambda device, options: device.use(options, origin="https://localhost"),
    "another host": lambda device, options: device.use(options, host="evil.example.net"),
    "a host below ours": lambda device, options: device.use(options, host="x.localhost"),
    "another challenge": lambda device, options: device.use(options, challenge=b64(b"\0" * 32)),
    "no challenge": lambda device, options: device.use(options, challenge=""),
    "the answer of a registration": lambda device, options: device.use(options, type_="webauthn.create"),
    "a payment": lambda device, options: device.use(options, type_="payment.get"),
    "a holder not verified": lambda device, options: device.use(options, flags=PRESENT),
    "a holder not present": lambda device, options: device.use(options, flags=VERIFIED),
    "a flag raised after signing": _flags_raised_after_signing,
    "a count raised after signing": _count_raised_after_signing,
    "an origin changed after signing": _origin_changed_after_signing,
    "a signature of another key": _resigned_by_another,
    "a signature of another curve": _signed_with_another_curve,
    "a signature of one bit less": lambda device, options: _changed(
        answer := device.use(options), signature=_flip(answer["response"]["signature"])
    ),
    "an empty signature": lambda device, options: _changed(device.use(options), signature=""),
    "another holder": lambda device, options: device.use(options, user_handle=b"somebody else"),
    "no holder": lambda device, options: _changed(device.use(options), userHandle=None),
    "an unknown key": _another_name,
    "a key under two names": _two_names,
    "another kind of credential": lambda device, options: device.use(options) | {"type": "password"},
    "a page framed by another site": lambda device, options: device.use(options, cross_origin=True),
    "data cut short": lambda device, options: _changed(device.use(options), authenticatorData=b64(b"\0" * 20)),
    "no data": lambda device, options: _changed(device.use(options), clientDataJSON=""),
    "no response": lambda device, options: {"id": "x", "rawId": "x", "type": "public-key"},
    "a list": lambda device, options: [device.use(options)],
    "a number": lambda device, options: 7,
    "deep brackets": lambda device, options: None,
}


def _text(name: str, answer: Any) -> str:
    return "[" * 5_000 if name == "deep brackets" else json.dumps(answer)


@pytest.mark.parametrize("name", ALTERED)
def test_an_altered_answer_opens_nothing(client: StrictClient, world: World, name: str, figure: Any) -> None:
    device = give_passkey(world, "a.cpam", count=5)
    options = ask(client, "/connexion/cle-acces/defi")
    answer = _text(name, ALTERED[name](device, options))
    refused = client.post("/connexion/cle-acces", data={"credential": answer})
    assert refused.status_code in {302, 303}
    assert is_in(client) == (name == "nothing")
    with as_owner() as session:
        assert session.scalars(select(Passkey.sign_count)).one() == (6 if name == "nothing" else 5)
    figure("passkeys.forged", f"0 of {len(ALTERED) - 1} kinds of altered answers accepted")


def test_the_passkey_of_someone_else_proves_nothing_after_a_password(client: StrictClient, world: World) -> None:
    """Signed by the other person's own device, for the challenge of this sign-in: a foreign credential."""
    give_passkey(world, "a.cpam")
    other = give_passkey(world, "a.cpam_2")
    type_password(client)
    options = ask(client, "/connexion/second-facteur/cle-acces/defi")
    client.post("/connexion/second-facteur/cle-acces", data={"credential": json.dumps(other.use(options))})
    assert not is_in(client)


def test_a_challenge_serves_one_browser_and_one_purpose_only(app: Any, client: StrictClient, world: World) -> None:
    device = give_passkey(world, "a.cpam")
    other = app.test_client()
    for browser in (client, other):
        type_password(browser)
    theirs = ask(other, "/connexion/second-facteur/cle-acces/defi")
    client.post("/connexion/second-facteur/cle-acces", data={"credential": json.dumps(device.use(theirs))})
    assert not is_in(client)
    alone = ask(client, "/connexion/cle-acces/defi")
    client.post("/connexion/second-facteur/cle-acces", data={"credential": json.dumps(device.use(alone))})
    assert not is_in(client)


@pytest.mark.parametrize(("seconds", "opens"), [(299, True), (301, False)])
def test_a_challenge_ends_after_five_minutes(client: StrictClient, world: World, seconds: int, opens: bool) -> None:
    device, start = give_passkey(world, "a.cpam"), clock.now()
    with time_machine.travel(start, tick=False):
        options = ask(client, "/connexion/cle-acces/defi")
    with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
        client.post("/connexion/cle-acces", data={"credential": json.dumps(device.use(options))})
        assert is_in(client) == opens


def test_an_answer_replayed_opens_nothing(app: Any, client: StrictClient, world: World) -> None:
    device = give_passkey(world, "a.cpam", count=NEVER_COUNTS)
    options = ask(client, "/connexion/cle-acces/defi")
    with client.session_transaction() as cookie:
        browser = cookie["passkey_browser"]
    answer = json.dumps(device.use(options))
    client.post("/connexion/cle-acces", data={"credential": answer})
    assert is_in(client)
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie["passkey_browser"] = browser
    thief.post("/connexion/cle-acces", data={"credential": answer})
    assert not is_in(thief)


def test_a_refused_answer_cannot_be_mended_and_sent_again(client: StrictClient, world: World) -> None:
    device = give_passkey(world, "a.cpam")
    options = ask(client, "/connexion/cle-acces/defi")
    for handle in (b"somebody else", None):
        answer = device.use(options, user_handle=handle)
        client.post("/connexion/cle-acces", data={"credential": json.dumps(answer)})
        assert not is_in(client)


# What each process does: it knows the database, the keys, and the one answer.
_TRY = """
import os, sys
from pdp import wiring
from pdp.core import crypto, db
from pdp.core.errors import RuleViolation
from pdp.factors.service import passkeys
from tests.conftest import KEYS
from tests.factors.test_forged_passkeys import LIMITS, SITE
crypto.load(crypto.Keyring(KEYS, 1))
db.bind(db.Database(os.environ["PDP_DATABASE_URL"]))
wiring.connect()
print("ready", flush=True)
answer = sys.stdin.readline()
try:
    passkeys.sign_in(answer, "a browser", SITE, LIMITS)
    print("opened")
except RuleViolation:
    print("refused")
"""


def test_of_three_processes_given_the_same_answer_one_opens(database: Database, world: World, figure: Any) -> None:
    device = give_passkey(world, "a.cpam", count=NEVER_COUNTS)
    options = json.loads(passkeys.ask_anyone("a browser", SITE))
    answer = json.dumps(device.use(options))
    environment = os.environ | {"PDP_DATABASE_URL": database.engine.url.render_as_string(hide_password=False)}
    others = [
        subprocess.Popen([sys.executable, "-c", _TRY], env=environment, text=True, stdin=PIPE, stdout=PIPE)
        for _ in range(3)
    ]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
    for other in others:
        assert other.stdin is not None
        other.stdin.write(f"{answer}\n")
        other.stdin.flush()
    said = [other.communicate(timeout=60)[0].strip() for other in others]
    assert sorted(said) == ["opened", "refused", "refused"]
    with pytest.raises(RuleViolation):
        passkeys.sign_in(answer, "a browser", SITE, LIMITS)
    with as_owner() as session:
        assert len(session.scalars(select(UserSession)).all()) == 1
    figure("passkeys.replay", "the same answer in 4 processes: 1 opens")


def test_a_passkey_proves_nothing_for_another_person(world: World, actor_of: Callable[[str], Actor]) -> None:
    mine = give_passkey(world, "a.cpam")
    victim = actor_of("a.coordinateur")
    token = accounts.sign_in_as(world.membership["a.coordinateur"], LIMITS)
    options = json.loads(passkeys.ask(victim.user_id, token, SITE))
    with pytest.raises(RuleViolation):
        passkeys.prove(victim, token, json.dumps(mine.use(options)), SITE)


MADE: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "https://evil.example.net"},
    "another host": {"host": "evil.example.net"},
    "another challenge": {"challenge": b64(b"\0" * 32)},
    "the answer of a use": {"type_": "webauthn.get"},
    "a holder not verified": {"flags": PRESENT},
    "a holder not present": {"flags": VERIFIED},
}


@pytest.mark.parametrize("name", MADE)
def test_a_passkey_made_otherwise_is_not_registered(client: StrictClient, world: World, name: str) -> None:
    forget_factors(world, "a.cpam")
    type_password(client)
    options = ask(client, "/connexion/premiere-cle/defi")
    client.post("/connexion/premiere-cle", data={"credential": Device().make(options, **MADE[name])})
    with as_owner() as session:
        assert session.scalars(select(Passkey)).all() == []
    assert not is_in(client)


def test_the_key_of_another_person_cannot_be_registered_as_ones_own(client: StrictClient, world: World) -> None:
    theirs = give_passkey(world, "a.coordinateur")
    forget_factors(world, "a.cpam")
    type_password(client, EMAIL)
    options = ask(client, "/connexion/premiere-cle/defi")
    client.post("/connexion/premiere-cle", data={"credential": theirs.make(options)})
    with as_owner() as session:
        assert session.scalars(select(Passkey.user_id)).all() == [world.user["a.coordinateur"]]
        assert world.user["a.cpam"] not in session.scalars(select(TotpFactor.user_id)).all()
    assert not is_in(client)
