"""The name of a sensitive partner is read by the core and its own people, on no page and in no file of the others."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from pdp.accounts.models import Organisation, Seat, SeatHolder
from pdp.consent.models import SharingAgreement
from pdp.minutes import service as minutes
from pdp.policy.actor import Actor
from pdp.policy.masking import OrganisationFacts, organisation_name
from pdp.policy.roles import CORE_ROLES, Role
from tests.access.places import parameters
from tests.minutes import seance
from tests.minutes.extract import words
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import LONG_AGO, World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
SENSITIVE = {"comete": "QXCOMETENAME", "mdph": "QXMDPHNAME"}
TOLD = {*CORE_ROLES, Role.DPO}
# Addresses that close the session or leave the case: they are no pages.
SKIPPED = {"accounts.sign_out"}


def _make_sensitive(world: World) -> None:
    """Name both bodies with words that cannot be there by chance, give each a seat and a document."""
    with as_owner() as session:
        for position, (kind, name) in enumerate(SENSITIVE.items(), start=20):
            body = session.get_one(Organisation, world.organisation[f"a.{kind}"])
            body.name, body.short_name, body.sensitive = f"{name} entier", name, True
            seat = Seat(
                cellule_id=world.cellule["a"],
                organisation_id=body.id,
                label=f"{name} siège",
                position=position,
                voice="consultative",
                starts_on=LONG_AGO,
            )
            session.add(seat)
            session.flush()
            holder = SeatHolder(seat_id=seat.id, rank="titulaire", starts_on=LONG_AGO)
            holder.membership_id = _membership(session, world.membership[f"a.{kind}"])
            session.add(holder)
            session.add(_agreement_like(session, world, body.id))


def _agreement_like(session: Session, world: World, organisation_id: int) -> SharingAgreement:
    """Share the case with the body as it is shared with Cap emploi."""
    model = session.query(SharingAgreement).filter_by(
        case_id=world.case_id["a.shared"], organisation_id=world.organisation["a.cap_emploi"]
    )
    names = {column.key for column in inspect(SharingAgreement).column_attrs} - {"id", "public_id", "organisation_id"}
    copied = {name: getattr(model.one(), name) for name in names}
    return SharingAgreement(organisation_id=organisation_id, **copied)


def _membership(session: Session, public_id: str) -> int:
    from pdp.accounts.models import Membership

    found: Membership = session.query(Membership).filter_by(public_id=public_id).one()
    return found.id


def _pages(app: Flask, world: World) -> list[str]:
    known, found = parameters(world), []
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or set()) and rule.endpoint not in SKIPPED | {"static"}:
                found.append(
                    adapter.build(rule.endpoint, {name: known.get(name, "inconnu") for name in rule.arguments})
                )
    return found


@pytest.mark.visit
@pytest.mark.parametrize("role", [role for role in Role if role not in TOLD])
def test_those_who_need_not_know_read_a_partner_without_a_name(
    app: Flask, world: World, sign_in_as: SignIn, role: Role, figure: Callable[[str, object], None]
) -> None:
    _make_sensitive(world)
    client, read, others = sign_in_as(f"a.{role}"), 0, [n for kind, n in SENSITIVE.items() if kind != role.value]
    for path in _pages(app, world):
        answer = client.get(path)
        text = answer.get_data()
        read += answer.status_code == 200
        for name in others:
            assert name.encode() not in text, (role, path)
    figure("names.masked", f"{role}: {read} pages, 0 names")


@pytest.mark.parametrize("role", ["service_social", "dpo", "comete"])
def test_those_who_need_to_know_read_the_name(world: World, sign_in_as: SignIn, role: str) -> None:
    _make_sensitive(world)
    text = sign_in_as(f"a.{role}").get("/cellule").get_data(as_text=True)
    assert "QXCOMETENAME entier" in text
    assert ("QXMDPHNAME entier" in text) is (role != "comete")


def test_the_page_of_the_cellule_still_shows_every_seat(world: World, sign_in_as: SignIn) -> None:
    _make_sensitive(world)
    text = sign_in_as("a.spst").get("/cellule").get_data(as_text=True)
    assert len(re.findall("Siège d’un partenaire", text)) == 2
    assert "Un partenaire" in text
    assert "Cap emploi" in text


def test_the_minutes_of_another_partner_name_neither_the_seat_nor_who_held_it(world: World, actor_of: ActorOf) -> None:
    with as_owner() as session:
        session.get_one(Organisation, world.organisation["a.spst"]).sensitive = True
        session.query(Seat).filter_by(public_id=world.seat["a.spst"]).one().label = "QXSPSTSEAT"
    made = minutes.compose_minutes(actor_of("a.coordinateur"), seance.hold(world).meeting)
    seance.deliver()
    texts = {}
    for name in ("coordinateur", "spst", "cap_emploi"):
        actor = actor_of(f"a.{name}")
        version = minutes.read_minutes(actor, made.public_id).shown.version.public_id
        texts[name] = words("pdf", minutes.download(actor, made.public_id, version, "pdf").body)
    assert "QXSPSTSEAT" in texts["coordinateur"]
    assert "QXSPSTSEAT" in texts["spst"]
    assert "QXSPSTSEAT" not in texts["cap_emploi"]
    assert "Spst EssaiA" not in texts["cap_emploi"]
    assert "Un partenaire" in texts["cap_emploi"]


@pytest.mark.parametrize("role", list(Role))
def test_the_rule_as_written_by_hand(world: World, actor_of: ActorOf, role: Role) -> None:
    body = OrganisationFacts(world.organisation["a.comete"], "Comète Ouest", sensitive=True)
    said = organisation_name(actor_of(f"a.{role}"), body)
    told = role.value in {
        "service_social", "manager", "service_medical", "cpam", "coordinateur", "dpo", "comete"
    }  # fmt: skip
    assert said == ("Comète Ouest" if told else "un partenaire")
    plain = OrganisationFacts(body.organisation_id, "Comète Ouest", sensitive=False)
    assert organisation_name(actor_of(f"a.{role}"), plain) == "Comète Ouest"
