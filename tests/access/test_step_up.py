"""The proof asked again before a grave act: by every stamped endpoint, without losing a field."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, jsonify, request
from sqlalchemy import select, update
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from pdp.accounts.models import UserSession
from pdp.audit.models import AuditEntry
from pdp.core import clock
from pdp.meetings.models import Meeting
from pdp.policy.permissions import GRANTS, Permission
from pdp.web import guards
from tests.access.places import parameters
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.signing import code_of, forget_codes, sign_in_fully
from tests.support.world import World

Figure = Callable[[str, object], None]
TITLE = "Confirmez que c’est vous"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
# What a form may hold: two values of one name, several lines, quotes, markup, characters of our texts.
TYPED = MultiDict(
    [
        ("motif", "première ligne\r\ndeuxième « ligne »"),
        ("choix", "un"),
        ("choix", "deux"),
        ("texte", "<b>\"l’écrit\" & 'reste'</b>"),
        ("vide", ""),
        ("version", "3"),
    ]
)


def signed_in(app: Flask, email: str, *, minutes_ago: int) -> StrictClient:
    """Return a client whose two factors were proved some minutes ago."""
    client = app.test_client()
    assert isinstance(client, StrictClient)
    sign_in_fully(client, email)
    with as_owner() as session:
        session.execute(update(UserSession).values(proven_at=clock.now() - timedelta(minutes=minutes_ago)))
    forget_codes()
    return client


def fields_of(page: str) -> list[tuple[str, str]]:
    """Return the hidden fields of the page, the token against forgery left out."""
    form = page.split("data-step-up>")[1].split("</form>")[0]
    pairs = [(html.unescape(name), html.unescape(value)) for name, value in _HIDDEN.findall(form)]
    return [pair for pair in pairs if pair[0] != "csrf_token"]


def proven_rules(app: Flask, method: str) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if guards.is_proven(app, rule.endpoint) and method in (rule.methods or set())
    ]


def holder(app: Flask, rule: Rule) -> str:
    """Return the address of a person of the base world who may open an endpoint."""
    access = guards.access_of(app, rule.endpoint)
    role = sorted(GRANTS[Permission(str(access))])[0]
    return f"{role.value}.a@example.org"


def path_of(app: Flask, rule: Rule, world: World) -> str:
    known = parameters(world)
    adapter = app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_proven_endpoint_refuses_an_old_proof_then_runs_with_all_its_fields(
    app: Flask, world: World, method: str, figure: Figure
) -> None:
    tried = 0
    for rule in proven_rules(app, method):
        seen: list[list[tuple[str, str]]] = []

        def note(*, seen: list[Any] = seen, **_parameters: str) -> Any:
            seen.append(list(request.form.items(multi=True)))
            return jsonify("done")

        stamped, path = app.view_functions[rule.endpoint], path_of(app, rule, world)
        note.access, note.proven = stamped.access, stamped.proven  # type: ignore[attr-defined]
        app.view_functions[rule.endpoint] = note
        try:
            email = holder(app, rule)
            client = signed_in(app, email, minutes_ago=16)
            asked = client.open(path, method=method, data=TYPED if method == "POST" else None)
            assert asked.status_code == 403, f"{method} {rule.rule}: {asked.status_code}"
            assert TITLE in asked.get_data(as_text=True)
            assert seen == []
            carried = fields_of(asked.get_data(as_text=True))
            if method == "POST":
                assert sorted(carried) == sorted(TYPED.items(multi=True)), rule.rule
                done = client.post(path, data=MultiDict([*carried, ("step_up_code", code_of(email))]))
                assert done.get_json() == "done", rule.rule
                expected = sorted(TYPED.items(multi=True))
                assert sorted(pair for pair in seen[0] if pair[0] != "step_up_code") == expected
            else:
                assert carried == [("suite", path)]
                back = client.post("/confirmation", data=dict(carried) | {"step_up_code": code_of(email)})
                assert (back.status_code, back.location) == (303, path)
                assert client.get(path).get_json() == "done"
            tried += 1
        finally:
            app.view_functions[rule.endpoint] = stamped
    assert tried
    figure("step_up.endpoints", f"{method}: {tried} of {tried} refuse an old proof, then run with every field")


# Acts that ask for a recent proof, by hand: taking the stamp away from one of them fails here.
GRAVE = {
    "accounts.use_membership",
    "cases.ask_emergency_post",
    "cases.export_cases",
    "cases.lift_restriction",
    "cases.restrict_case_post",
    "factors.add_totp_post",
    "factors.remove_factor_post",
    "governance.add_seat_post",
    "governance.end_mandate",
    "governance.end_seat",
    "governance.name_holder",
    "governance.set_rules",
    "governance.withdraw_rules",
    "meetings.close_meeting_post",
    "members.close",
    "members.decide",
    "members.give_back",
    "members.reopen",
    "members.take_away",
    "minutes.recall",
    "minutes.register_csv",
    "minutes.register_xlsx",
    "minutes.send",
    "oversight.lift_suspension",
    "oversight.show_extract",
    "packs.pack_file",
    "partners.cancel",
    "partners.invite",
    "partners.remove",
    "privacy.fetch_pack",
    "privacy.seal_pack",
    "retention.confirm_run",
    "retention.lift",
    "retention.set_rules",
}


def test_the_grave_acts_are_stamped(app: Flask, world: World) -> None:
    assert {endpoint for endpoint in GRAVE if not guards.is_proven(app, endpoint)} == set()


# Age of the proof in minutes → whether it is asked again, by hand.
@pytest.mark.parametrize(("minutes", "asked"), [(0, False), (14, False), (16, True), (600, True)])
def test_a_proof_is_fresh_for_fifteen_minutes(app: Flask, world: World, minutes: int, asked: bool) -> None:
    client = signed_in(app, "service_social.a@example.org", minutes_ago=minutes)
    assert client.get("/dossiers/export").status_code == (403 if asked else 200)


def test_closing_a_seance_with_an_old_proof_waits_for_the_code(app: Flask, world: World) -> None:
    client, path = signed_in(app, "coordinateur.a@example.org", minutes_ago=20), world.meeting["a.open"]
    asked = client.post(f"/seances/{path}/cloture", data={"version": "1"})
    assert asked.status_code == 403
    assert fields_of(asked.get_data(as_text=True)) == [("version", "1")]
    with as_owner() as session:
        assert session.scalars(select(Meeting.closed_at).where(Meeting.public_id == path)).one() is None
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "meeting.close")).all() == []


def test_a_wrong_code_asks_again_with_the_same_fields(app: Flask, world: World) -> None:
    client = signed_in(app, "service_social.a@example.org", minutes_ago=20)
    asked = client.post("/dossiers/export", data={"reason": "Bilan", "step_up_code": "000000"})
    page = asked.get_data(as_text=True)
    assert asked.status_code == 403
    assert "Ce code ne convient pas" in page
    assert fields_of(page) == [("reason", "Bilan")]


def test_the_proof_draws_the_token_again_and_the_old_one_is_dead(app: Flask, world: World) -> None:
    email = "service_social.a@example.org"
    client = signed_in(app, email, minutes_ago=20)
    with client.session_transaction() as cookie:
        before = cookie["_user_id"]
    client.post("/confirmation", data={"suite": "/dossiers/export", "step_up_code": code_of(email)})
    with client.session_transaction() as cookie:
        after = cookie["_user_id"]
    assert after != before
    planted = app.test_client()
    with planted.session_transaction() as cookie:
        cookie["_user_id"] = before
    assert planted.get("/").status_code == 302
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("suite", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"])
def test_the_confirmation_never_leads_to_another_site(app: Flask, world: World, suite: str) -> None:
    email = "service_social.a@example.org"
    client = signed_in(app, email, minutes_ago=20)
    back = client.post("/confirmation", data={"suite": suite, "step_up_code": code_of(email)})
    assert (back.status_code, back.location) == (303, "/")
