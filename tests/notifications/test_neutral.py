"""No mail, notice or calendar file tells who or what it is about: every kind, to everyone."""

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from pdp.accounts.models import Membership
from pdp.cases.models import Activity, Case, InsuredPerson
from pdp.cases.rules.search import fold
from pdp.core import clock, db
from pdp.core.resources import data_dir
from pdp.notifications import service, texts
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from tests.notifications.builders import at_once
from tests.notifications.smtp import SITE, listening
from tests.output.test_names import names
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
NIR = "184127645108946"
# What a mail about a case could be tempted to quote.
TEXTS = ("presentation d essai", "vendeuse", "canari", NIR, "essai encadre", "salarie", "arret")
CASE, OWN = "/dossiers/{}", "/notifications"
MAILS = data_dir("templates") / "emails"


def plant(world: World) -> None:
    """Write recognisable texts in the case that the mails are about."""
    with as_owner() as session:
        case = session.get_one(Case, world.case_id["a.shared"])
        case.presentation, case.signal_reason = "Canari de présentation", "Canari de signalement"
        person = session.get_one(InsuredPerson, case.person_id)
        person.family_name, person.given_name, person.nir = "CanariNom", "CanariPrénom", NIR
        session.query(Activity).filter_by(case_id=case.id).update({"employer": "Canari et fils"})


def told(message: EmailMessage) -> str:
    """Return everything that a mail server sees of a mail, less the one address that it needs."""
    headers = "\n".join(f"{name}: {value}" for name, value in message.items() if name != "To")
    return f"{headers}\n{message.get_content()}"


def test_every_kind_to_everyone_holds_a_link_a_reference_and_nothing_else(
    world: World, actor_of: ActorOf, figure: Callable[[str, object], None]
) -> None:
    plant(world)
    actor, known = actor_of("a.service_social"), names(world)
    people = [user for name, user in world.user.items() if name.startswith("a.")]
    at_once()
    for days, kind in enumerate(NoticeKind):
        for case in (world.case_id["a.shared"], None):
            link = CASE.format(world.case["a.shared"]) if case else OWN
            # A day each: nobody gets more than a few mails a day.
            with clock.acting_at(clock.now() - timedelta(days=days)), db.transaction(actor):
                service.notify(people, kind, cellule_id=actor.cellule_id, case_id=case, link=link)
    with listening() as (mailbox, _):
        done = service.deliver()
    assert done.sent == len(mailbox.received)
    for address, message in mailbox.received:
        text = told(message)
        folded = fold(text)
        assert not [name for name in known if name in folded], text
        assert not [word for word in TEXTS if word in folded], text
        assert (message["To"], message["Cc"], message["Bcc"], message["Reply-To"]) == (address, None, None, None)
        assert re.findall(r"https?://\S+", text) in (
            [f"{SITE}/dossiers/{world.case['a.shared']}"],
            [f"{SITE}/notifications"],
        )
        assert all(len(line) <= 72 for line in message.get_content().splitlines())
    figure("mails.neutral", f"{len(NoticeKind)} kinds to {len(people)} people: {done.sent} mails, 0 names, 0 texts")


def test_who_may_not_see_the_case_gets_no_mail_about_it(world: World, actor_of: ActorOf) -> None:
    at_once()
    actor = actor_of("a.service_social")
    people = {user: name for name, user in world.user.items()}
    with db.transaction(actor):
        service.notify(
            people,
            NoticeKind.ADVICE_ASKED,
            cellule_id=actor.cellule_id,
            case_id=world.case_id["a.shared"],
            link="/dossiers/x",
        )
    with as_owner() as session:
        roles = session.execute(select(Membership.user_id, Membership.role, Membership.cellule_id)).all()
    reached = {"service_social", "manager", "service_medical", "cpam", "coordinateur", "csam", "cap_emploi", "spst"}
    expected = {
        f"{people[user].split('.')[1]}.a@example.org"
        for user, role, cellule in roles
        if cellule == world.cellule["a"] and role.value in reached
    }
    with listening() as (mailbox, _):
        service.deliver()
    assert {address for address, _ in mailbox.received} == expected


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_each_kind_has_its_sentences_without_any_hole_but_the_frame_s(kind: NoticeKind) -> None:
    words = texts.sentences(kind)
    assert "$" not in words
    assert "{" not in words
    assert words[0].isupper()
    assert words.endswith(".")
    assert len(kind.label) <= 60
    assert not re.search(r" [:;!?»]|« ", words + kind.label), "French asks for a no-break space there"


def test_no_template_of_a_mail_is_left_unused_and_only_the_frame_has_holes() -> None:
    files = {path.name for path in MAILS.glob("*.txt") if not path.name.startswith("_")}
    assert files == {f"{kind.value}.txt" for kind in NoticeKind}
    assert set(re.findall(r"\$\w+", (MAILS / "_frame.txt").read_text())) == {"$texte", "$reference", "$lien"}
    assert set(re.findall(r"\$\w+", (MAILS / "_door.txt").read_text())) == {"$texte", "$lien"}


def test_the_notices_page_and_the_calendar_file_are_as_neutral(
    world: World, actor_of: ActorOf, sign_in_as: Callable[[str], StrictClient]
) -> None:
    plant(world)
    actor = actor_of("a.service_social")
    with db.transaction(actor):
        for kind in NoticeKind:
            service.notify(
                [world.user["a.cap_emploi"]],
                kind,
                cellule_id=actor.cellule_id,
                case_id=world.case_id["a.shared"],
                link="/",
            )
    client = sign_in_as("a.cap_emploi")
    list_of_notices = client.get("/notifications").get_data(as_text=True).split("<main")[1]
    file = client.get(f"/seances/{world.meeting['a.open']}/calendrier").get_data(as_text=True)
    for text in (list_of_notices, file.replace("\r\n ", "")):
        folded = fold(text)
        assert not [name for name in names(world) if name in folded]
        assert not [word for word in TEXTS if word in folded]
