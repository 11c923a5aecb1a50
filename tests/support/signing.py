"""Sign in as a person does: an address, a password, the code of the moment."""

import pyotp
from sqlalchemy import update
from werkzeug.test import TestResponse

from pdp.core import clock
from pdp.factors.models import TotpFactor
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import PASSWORD, totp_secret


def code_of(email: str, *, seconds: int = 0) -> str:
    """Return the code that the telephone of a person of the base world shows, or will show in some seconds."""
    name, cellule = email.strip().lower().partition("@")[0].rsplit(".", 1)
    return pyotp.TOTP(totp_secret(f"{cellule}.{name}")).at(int(clock.now().timestamp()) + seconds)


def forget_codes() -> None:
    """Let a code serve again: a test signs the same person in twice within thirty seconds."""
    with as_owner() as session:
        session.execute(update(TotpFactor).values(last_step=0))


def sign_in_fully(client: StrictClient, email: str, password: str = PASSWORD, *, suite: str = "") -> TestResponse:
    """Sign in with a password then a code, accept the undertaking if asked; return the answer that opens the site."""
    forget_codes()
    client.csrf = None
    answer = client.post("/connexion", data={"email": email, "password": password, "suite": suite})
    assert answer.location == "/connexion/second-facteur", f"{answer.status_code} {answer.location}"
    client.csrf = None
    answer = client.post("/connexion/second-facteur", data={"code": code_of(email)})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    client.csrf = None
    return answer
