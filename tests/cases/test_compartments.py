"""The medical zone and the social notes, on every path out: only those for whom they were written."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from pdp.audit.models import AuditEntry
from pdp.cases import service
from pdp.cases.models import CaseNote
from pdp.core.errors import NotFound
from pdp.minutes import service as minutes
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.roles import Role
from tests.minutes import seance
from tests.minutes.extract import words
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
MEDICAL, SOCIAL = "QXMEDICALNOTE", "QXSOCIALNOTE"
# Written by hand: who reads which note of the case whose referent is `service_social`.
READS = {
    "service_social": {SOCIAL},
    "manager": {SOCIAL},
    "service_medical": {MEDICAL},
    "service_medical_2": {MEDICAL},
}
TABS = ("", "/accompagnement", "/journal", "/partage", "/suivi", "/demandes", "/pieces", "/qui-voit-quoi")


@pytest.fixture
def notes(world: World, actor_of: ActorOf) -> None:
    case = world.case["a.shared"]
    service.add_note(actor_of("a.service_medical"), case, label=Label.MEDICAL, text=MEDICAL)
    service.add_note(actor_of("a.service_social"), case, label=Label.SOCIAL, text=SOCIAL)


@pytest.mark.parametrize("name", [*(role.value for role in Role), "service_social_2", "service_medical_2", "cpam_2"])
def test_each_tab_of_the_case_shows_each_note_to_its_readers_only(
    world: World, notes: None, sign_in_as: SignIn, name: str
) -> None:
    client, seen = sign_in_as(f"a.{name}"), set()
    for tab in TABS:
        text = client.get(f"/dossiers/{world.case['a.shared']}{tab}").get_data(as_text=True)
        found = {word for word in (MEDICAL, SOCIAL) if word in text}
        assert tab == "/accompagnement" or not found, (name, tab)
        seen |= found
    assert seen == READS.get(name, set())


def test_nobody_but_their_authors_line_writes_them(world: World, actor_of: ActorOf) -> None:
    case = world.case["a.shared"]
    for name in ("coordinateur", "cpam", "service_social", "manager", "csam", "spst"):
        with pytest.raises(NotFound):
            service.add_note(actor_of(f"a.{name}"), case, label=Label.MEDICAL, text="x")
    for name in ("coordinateur", "cpam", "service_medical", "service_social_2", "csam", "spst"):
        with pytest.raises(NotFound):
            service.add_note(actor_of(f"a.{name}"), case, label=Label.SOCIAL, text="x")


def test_the_journal_and_the_minutes_hold_neither(world: World, notes: None, actor_of: ActorOf) -> None:
    made = minutes.compose_minutes(actor_of("a.coordinateur"), seance.hold(world).meeting)
    view = minutes.read_minutes(actor_of("a.coordinateur"), made.public_id)
    for file_format in ("pdf", "docx", "odt"):
        body = minutes.download(actor_of("a.coordinateur"), made.public_id, view.shown.version.public_id, file_format)
        text = words(file_format, body.body)
        assert MEDICAL not in text
        assert SOCIAL not in text
    with as_owner() as session:
        details = [str(entry.detail) for entry in session.scalars(select(AuditEntry))]
        assert not any(MEDICAL in detail or SOCIAL in detail for detail in details)
        # At rest too: the texts are sealed, whatever their label.
        raw = [bytes(row[0]) for row in session.execute(select(CaseNote.__table__.c.text))]
    assert raw
    assert not any(MEDICAL.encode() in value or SOCIAL.encode() in value for value in raw)


def test_the_social_zone_follows_the_referent(world: World, notes: None, actor_of: ActorOf) -> None:
    view = service.read_case(actor_of("a.manager"), world.case["a.shared"], part="summary")
    service.assign_referent(
        actor_of("a.manager"),
        world.case["a.shared"],
        referent=world.membership["a.service_social_2"],
        version=view.version,
    )
    _, before = service.read_support(actor_of("a.service_social"), world.case["a.shared"])
    _, after = service.read_support(actor_of("a.service_social_2"), world.case["a.shared"])
    assert [note.text for note in before] == []
    assert [note.text for note in after] == [SOCIAL]


def test_the_conclusion_reaches_the_core_and_the_physician_of_the_spst_only(world: World, actor_of: ActorOf) -> None:
    from dataclasses import replace

    with as_owner() as session:
        from pdp.cases.enums import ConclusionCode
        from pdp.cases.models import Case

        case = session.get_one(Case, world.case_id["a.shared"])
        case.conclusion_code, case.conclusion_limits = ConclusionCode.COMPATIBLE_WITH_LIMITS, "QXLIMITS"
    seen = {}
    for name in ("service_social", "coordinateur", "cpam", "spst", "csam", "cap_emploi"):
        view = service.read_case(actor_of(f"a.{name}"), world.case["a.shared"], part="summary")
        seen[name] = view.conclusion is not None and "QXLIMITS" in view.conclusion.limits
    nurse = replace(actor_of("a.spst"), is_physician=False)
    seen["nurse"] = service.read_case(nurse, world.case["a.shared"], part="summary").conclusion is not None
    assert seen == {
        "service_social": True,
        "coordinateur": True,
        "cpam": True,
        "spst": True,
        "csam": False,
        "cap_emploi": True,
        "nurse": False,
    }
