"""Letters of a case: what each holds, for whom, and what is kept of it."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Executable, delete, select, update
from sqlalchemy.exc import DBAPIError

from pdp.accounts.models import Organisation
from pdp.core import clock, db
from pdp.core.errors import Conflict, DomainError, InvalidInput, NotFound, RuleViolation
from pdp.letters import service
from pdp.letters.enums import LetterKind, SendingMeans
from pdp.letters.models import Letter
from pdp.letters.queries.register import waiting_refusals
from pdp.letters.render import RENDERERS
from pdp.letters.rules.letter import from_plain
from pdp.letters.service.compose import Order
from pdp.meetings.enums import DecisionOutcome, OpinionCode
from pdp.meetings.models import Action
from pdp.notifications.models import OutboxMail
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from tests.letters import builders
from tests.minutes.extract import words
from tests.minutes.test_service import change_agreements
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
Figure = Callable[[str, object], None]
CASE = "a.shared"


def organisation(world: World, name: str) -> str:
    with as_owner() as session:
        return session.get_one(Organisation, world.organisation[name]).public_id


def refused(world: World) -> None:
    builders.give_opinion(world, CASE, OpinionCode.UNFAVOURABLE, reasons=builders.REASONS)
    builders.decide(world, CASE, DecisionOutcome.REFUSED)


def text_of(actor: Actor, letter: str, file_format: str = "pdf") -> str:
    text = words(file_format, service.download(actor, letter, file_format).body)
    return re.sub(r"\s+", " ", html.unescape(text) if file_format == "docx" else text)


def waiting(actor: Actor) -> int:
    with db.reading(actor) as session:
        return session.execute(waiting_refusals(actor)).one()[0]


def test_a_refusal_says_its_reasons_and_routes_and_waits_until_it_left(world: World, actor_of: ActorOf) -> None:
    actor, request = actor_of("a.coordinateur"), world.request[CASE]
    with pytest.raises(NotFound):
        service.produce_letter(actor, request, Order(LetterKind.REFUSAL))
    refused(world)
    assert waiting(actor) == 1
    letter = service.produce_letter(
        actor, request, Order(LetterKind.REFUSAL, address="12 rue d’Essai\n31000 Toulouse")
    )
    for file_format in ("pdf", "docx"):
        text = text_of(actor, letter, file_format)
        for part in (builders.REFUSAL, builders.ROUTES, "12 rue d’Essai", "PrénomShared NomShared", "Refus de votre"):
            assert part in text
        # The opinion is the cellule's own business once the decision is taken: its reasons are not the decision's.
        assert "QXMOTIF" not in text
    assert waiting(actor) == 1
    service.record_sent(actor, letter, sent_on=clock.today(), means=SendingMeans.REGISTERED)
    assert waiting(actor) == 0
    with pytest.raises(Conflict):
        service.record_sent(actor, letter, sent_on=clock.today(), means=SendingMeans.POST)


def test_the_opinion_says_what_is_reserved_or_missing(world: World, actor_of: ActorOf) -> None:
    actor, request = actor_of("a.service_social"), world.request[CASE]
    builders.give_opinion(
        world, CASE, OpinionCode.FAVOURABLE_WITH_CONDITIONS, conditions=builders.CONDITIONS, reasons=builders.REASONS
    )
    letter = service.produce_letter(actor, request, Order(LetterKind.CONDITIONS))
    assert builders.CONDITIONS in text_of(actor, letter)
    with pytest.raises(NotFound):
        service.produce_letter(actor, request, Order(LetterKind.ADJOURNED))


def test_an_adjournment_says_what_is_missing(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.service_social")
    builders.give_opinion(world, CASE, OpinionCode.ADJOURNED, reasons="QXMANQUE la convention signée.")
    letter = service.produce_letter(actor, world.request[CASE], Order(LetterKind.ADJOURNED))
    assert "Voici ce qui manque : QXMANQUE" in text_of(actor, letter)


@pytest.mark.parametrize("change_it", [update(Letter).values(content_hash="0" * 64), delete(Letter)])
def test_a_letter_produced_is_neither_changed_nor_deleted(
    world: World, actor_of: ActorOf, change_it: Executable
) -> None:
    refused(world)
    actor = actor_of("a.coordinateur")
    letter = service.produce_letter(actor, world.request[CASE], Order(LetterKind.REFUSAL))
    before = text_of(actor, letter)
    with pytest.raises(DBAPIError), db.transaction(actor) as session:
        session.execute(change_it)
    assert text_of(actor, letter) == before


# What the agreement opens to Cap emploi, and the words of its letter: hand-made.
OPENED = (
    ({Label.REQUEST}, set()),
    ({Label.REQUEST, Label.OPINION}, {"QXRESERVE"}),
    ({Label.REQUEST, Label.DECISION}, {"accordé"}),
    ({Label.REQUEST, Label.OPINION, Label.DECISION}, {"QXRESERVE", "accordé"}),
    ({Label.REQUEST, Label.OPINION, Label.IDENTITY}, {"QXRESERVE", "NomShared"}),
    ({Label.OPINION, Label.DECISION, Label.IDENTITY}, None),
)
EVERY_WORD = {"QXRESERVE", "accordé", "NomShared", "QXMOTIF", "QXACTIONOURS"}


def test_a_partner_reads_in_its_letter_what_it_may_read_and_its_own_actions(
    world: World, actor_of: ActorOf, figure: Figure
) -> None:
    actor, partner, request = actor_of("a.coordinateur"), actor_of("a.cap_emploi"), world.request[CASE]
    builders.give_opinion(
        world, CASE, OpinionCode.FAVOURABLE_WITH_CONDITIONS, conditions=builders.CONDITIONS, reasons=builders.REASONS
    )
    builders.decide(world, CASE, DecisionOutcome.GRANTED)
    with as_owner() as session:
        action = session.scalars(select(Action).where(Action.public_id == world.action[CASE])).one()
        action.text, action.owner_organisation_id = "QXACTIONOURS étudier le poste", world.organisation["a.spst"]
    cap = organisation(world, "a.cap_emploi")
    seen = 0
    for labels, expected in OPENED:
        change_agreements(world, CASE, labels=frozenset(labels))
        order = Order(LetterKind.PARTNER, cap)
        if not expected:
            with pytest.raises(RuleViolation, match="ne peut rien lire"):
                service.produce_letter(actor, request, order)
            continue
        letter = service.produce_letter(actor, request, order)
        with pytest.raises(NotFound):
            service.open_letter(partner, letter)
        service.record_sent(actor, letter, sent_on=clock.today(), means=SendingMeans.SITE)
        for file_format in ("pdf", "docx"):
            text = text_of(partner, letter, file_format)
            assert {word for word in EVERY_WORD if word in text} == expected
            seen += 1
        for other in ("a.spst", "b.cap_emploi", "b.coordinateur"):
            with pytest.raises(NotFound):
                service.open_letter(actor_of(other), letter)
    change_agreements(world, CASE, labels=frozenset({Label.REQUEST}))
    own = service.produce_letter(actor, request, Order(LetterKind.PARTNER, organisation(world, "a.spst")))
    service.record_sent(actor, own, sent_on=clock.today(), means=SendingMeans.SITE)
    text = text_of(actor_of("a.spst"), own)
    assert {word for word in EVERY_WORD if word in text} == {"QXACTIONOURS"}
    # What left stays shut once the agreement is withdrawn.
    change_agreements(world, CASE, withdrawn_on=clock.today())
    with pytest.raises(NotFound):
        service.open_letter(partner, letter)
    figure("letters.partner", f"{seen + 1} files under {len(OPENED)} agreements: 0 words too many, 0 missing")


def test_a_letter_that_a_partner_may_no_longer_read_does_not_leave(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    builders.give_opinion(world, CASE, OpinionCode.FAVOURABLE)
    order = Order(LetterKind.PARTNER, organisation(world, "a.cap_emploi"))
    letter = service.produce_letter(actor, world.request[CASE], order)
    change_agreements(world, CASE, labels=frozenset({Label.REQUEST}))
    with pytest.raises(RuleViolation, match="il ne part pas"):
        service.record_sent(actor, letter, sent_on=clock.today(), means=SendingMeans.SITE)
    change_agreements(world, CASE, withdrawn_on=clock.today())
    with pytest.raises(RuleViolation, match="onglet Partage"):
        service.produce_letter(actor, world.request[CASE], order)


def test_the_mail_to_a_partner_says_nothing_but_the_address(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    builders.give_opinion(world, CASE, OpinionCode.FAVOURABLE)
    order = Order(LetterKind.PARTNER, organisation(world, "a.cap_emploi"))
    letter = service.produce_letter(actor, world.request[CASE], order)
    service.record_sent(actor, letter, sent_on=clock.today(), means=SendingMeans.SITE)
    with as_owner() as session:
        told = set(session.execute(select(OutboxMail.user_id, OutboxMail.link)))
        notices = [row for row in told if row.link == f"/courriers/{letter}"]
        assert {row.user_id for row in notices} <= {world.user["a.cap_emploi"]}


def test_the_employer_is_written_to_only_when_the_insured_agreed(world: World, actor_of: ActorOf) -> None:
    actor, request = actor_of("a.coordinateur"), world.request[CASE]
    builders.give_opinion(world, CASE, OpinionCode.FAVOURABLE, reasons=builders.REASONS)
    for agreed_on in (None, clock.today() + timedelta(days=1)):
        with pytest.raises(InvalidInput) as refusal:
            service.produce_letter(actor, request, Order(LetterKind.EMPLOYER, agreed_on=agreed_on))
        assert list(refusal.value.errors) == ["agreed_on"]
    letter = service.produce_letter(actor, request, Order(LetterKind.EMPLOYER, agreed_on=clock.today()))
    text = text_of(actor, letter)
    assert "QXMOTIF" not in text
    assert "favorable" not in text


def test_a_hostile_value_is_printed_as_it_was_typed(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.coordinateur")
    typed = '{{voies_recours}} <b>A</b> &amp; #read("x") {{#reserves}}non{{/reserves}}'
    builders.give_opinion(world, CASE, OpinionCode.FAVOURABLE, reasons=typed)
    letter = service.produce_letter(actor, world.request[CASE], Order(LetterKind.FAVOURABLE, address="{{personne}}"))
    for file_format in ("pdf", "docx"):
        text = text_of(actor, letter, file_format)
        assert typed in text
        assert "{{personne}}" in text


def test_made_again_a_letter_has_the_same_bytes(world: World, actor_of: ActorOf) -> None:
    refused(world)
    actor = actor_of("a.cpam")
    letter = service.produce_letter(actor, world.request[CASE], Order(LetterKind.REFUSAL))
    with as_owner() as session:
        content = from_plain(session.scalars(select(Letter).where(Letter.public_id == letter)).one().content)
    for renderer in RENDERERS.values():
        assert renderer.render(content) == renderer.render(content)
    # Its texts do not follow what changes afterwards.
    code = "courrier-refus"
    coordinator = actor_of("a.coordinateur")
    text, _ = service.read_text(coordinator, code)
    service.save_text(coordinator, code, title="Autre objet", body=text.body, edition=0)
    assert "Refus de votre demande" in text_of(actor, letter)
    again = service.produce_letter(actor, world.request[CASE], Order(LetterKind.REFUSAL))
    assert "Autre objet" in text_of(actor, again)


def test_those_who_do_not_write_letters_produce_none(world: World, actor_of: ActorOf) -> None:
    refused(world)
    for name in ("a.service_medical", "a.cap_emploi", "a.csam", "a.dpo", "a.admin", "b.coordinateur"):
        with pytest.raises(DomainError):
            service.produce_letter(actor_of(name), world.request[CASE], Order(LetterKind.REFUSAL))


def test_the_case_shows_its_letters_and_what_may_be_written(
    world: World, sign_in_as: Callable[[str], StrictClient]
) -> None:
    refused(world)
    client, case, request = sign_in_as("a.coordinateur"), world.case[CASE], world.request[CASE]
    address = f"/demandes/{request}/courriers/refus"
    assert address in client.get(f"/dossiers/{case}/courriers").get_data(as_text=True)
    assert "1\u00a0refus attend que son courrier parte." in client.get("/").get_data(as_text=True)
    assert builders.REFUSAL in client.get(address).get_data(as_text=True)
    answer = client.post(address, data={"act": "produce", "address": "12 rue d’Essai"})
    assert answer.status_code == 303
    page = client.get(answer.location).get_data(as_text=True)
    assert "envoi non enregistré" in page
    path = answer.location.partition("//")[2].partition("/")[2] or answer.location.lstrip("/")
    refused_twice = client.post(f"/{path}/envoi", data={"sent_on": "2099-01-01", "means": "site"})
    assert refused_twice.status_code == 422
    assert "dans le futur" in refused_twice.get_data(as_text=True)
    assert (
        client.post(f"/{path}/envoi", data={"sent_on": clock.today().isoformat(), "means": "post"}).status_code == 303
    )
    pieces = client.get(f"/dossiers/{case}/pieces").get_data(as_text=True)
    assert f"/{path}" in pieces
    assert "par la poste" in client.get("/courriers").get_data(as_text=True)
    # A partner has neither the tab nor the register, and another's letter is no page of theirs.
    partner = sign_in_as("a.cap_emploi")
    for shut in (f"/dossiers/{case}/courriers", "/courriers", f"/{path}", address):
        assert partner.get(shut).status_code == 404
