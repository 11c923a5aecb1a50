"""What the person contests is read beside what it contests, by exactly those who read it; corrections are told."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pdp.cases import service as cases
from pdp.cases.enums import ExportFormat
from pdp.cases.models import Case
from pdp.cases.queries.listing import CaseFilters
from pdp.consent.models import SharingAgreement
from pdp.core import clock
from pdp.core.db import Database
from pdp.core.errors import Forbidden, InvalidInput, NotFound, RuleViolation
from pdp.minutes import service as minutes
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.roles import Role
from pdp.privacy.enums.notices import RecipientNews, RectificationOutcome
from pdp.privacy.models import RecipientNotice, Rectification
from pdp.privacy.service import case_rights, recipients, rectification
from tests.consent import builders as consent
from tests.minutes import seance
from tests.privacy.test_freezing import freeze
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]

# By hand: everything the file says of the person; not votes, actions, published counts, the journal.
CONTESTED = [label for label in Label if label.value not in {"ballot", "action", "aggregate", "journal"}]
_MATRIX = Path(__file__).parents[1] / "access" / "access_matrix.csv"


def _matrix() -> dict[tuple[str, str], str]:
    with _MATRIX.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    return {(role, row["label"]): row[role] for row in rows for role in row if role not in {"label", "meaning"}}


def _reads(role: str, label: Label, agreed: frozenset[Label], matrix: dict[tuple[str, str], str]) -> bool:
    """Say it from the access notes: the case is open and followed by `service_social`, its partners agreed."""
    written = matrix[role, label.value]
    if role == "csam":
        return label in {Label.IDENTITY, Label.EMPLOYMENT}
    if written in {"R", "RW", "R+own"}:
        return True
    if written == "O":
        return role in {"service_social", "manager"}
    return written in {"A", "AW"} and label in agreed


def _contest_everything(world: World) -> None:
    with as_owner() as session:
        case = session.get_one(Case, world.case_id["a.shared"])
        for label in CONTESTED:
            session.add(
                Rectification(
                    cellule_id=case.cellule_id,
                    case_id=case.id,
                    label=label,
                    field=f"champ {label.value}",
                    statement=f"parole-{label.value}-fin",
                    asked_on=clock.today(),
                    recorded_by_id=world.user["a.service_social"],
                    recorded_at=clock.now(),
                )
            )


def _agreed(world: World, role: str) -> frozenset[Label]:
    with as_owner() as session:
        rows = session.scalars(
            select(SharingAgreement.labels).where(
                SharingAgreement.case_id == world.case_id["a.shared"],
                SharingAgreement.organisation_id == world.organisation.get(f"a.{role}", 0),
            )
        ).all()
    return frozenset().union(*rows)


def test_each_role_sees_the_mark_exactly_when_it_reads_the_label(
    world: World, actor_of: ActorOf, sign_in_as: SignIn, figure: Figure
) -> None:
    _contest_everything(world)
    matrix, tried, marked = _matrix(), 0, 0
    for role in Role:
        agreed = _agreed(world, role.value)
        opens = role.value not in {"pilotage", "dpo", "admin"} and (role.value in CORE_AND_CSAM or agreed)
        expected = {label for label in CONTESTED if opens and _reads(role.value, label, agreed, matrix)}
        page = sign_in_as(f"a.{role}").get(f"/dossiers/{world.case['a.shared']}")
        shown = page.get_data(as_text=True) if page.status_code == 200 else ""
        seen = {label for label in CONTESTED if f"parole-{label.value}-fin" in shown}
        assert seen == expected, role
        assert shown.count("Contesté par la personne") == len(expected), role
        tried, marked = tried + len(CONTESTED), marked + len(seen)
    assert 0 < marked < tried
    figure("rectification.marks", f"{tried} role × label, {marked} marks, each where the label is read")


CORE_AND_CSAM = {"service_social", "manager", "service_medical", "cpam", "coordinateur", "csam"}


def contest(actor: Actor, case_id: str, label: Label = Label.EMPLOYMENT) -> str:
    """Write down what the person contests; return the public id."""
    rectification.record_rectification(
        actor, case_id, label=label, field="Poste occupé", statement="Je suis cariste", asked_on=clock.today()
    )
    with as_owner() as session:
        return session.scalars(select(Rectification.public_id).order_by(Rectification.id.desc())).first() or ""


def test_a_correction_takes_the_mark_away_and_tells_who_had_the_former_value(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    social, partner, case_id = actor_of("a.service_social"), actor_of("a.cap_emploi"), world.case["a.shared"]
    cases.read_case(partner, case_id, part="summary")
    consent.add(world, "a")
    key = contest(social, case_id, Label.REQUEST)
    assert [found.field for found in cases.read_case(partner, case_id, part="summary").contested] == ["Poste occupé"]
    told = rectification.decide_rectification(social, case_id, key, outcome=RectificationOutcome.CORRECTED)
    assert told == 1
    assert cases.read_case(partner, case_id, part="summary").contested == ()
    [news] = recipients.list_news(partner)
    assert (news.news, news.label, len(news.files)) == (RecipientNews.RECTIFIED, Label.REQUEST, 1)
    with as_owner() as session:
        told_people = session.scalars(select(Notice.user_id).where(Notice.kind == NoticeKind.FILES_TO_REVIEW)).all()
    assert told_people == [world.user["a.cap_emploi"]]
    assert "Information corrigée" not in sign_in_as("a.cap_emploi").get("/fichiers-a-revoir").get_data(as_text=True)


def test_nobody_is_told_when_no_file_with_that_label_left(world: World, actor_of: ActorOf) -> None:
    social, case_id = actor_of("a.service_social"), world.case["a.shared"]
    consent.add(world, "a")
    key = contest(social, case_id, Label.IDENTITY)
    assert rectification.decide_rectification(social, case_id, key, outcome=RectificationOutcome.CORRECTED) == 0


def test_a_refusal_says_why_and_the_mark_stays(world: World, actor_of: ActorOf) -> None:
    social, case_id = actor_of("a.service_social"), world.case["a.shared"]
    key = contest(social, case_id)
    with pytest.raises(InvalidInput):
        rectification.decide_rectification(social, case_id, key, outcome=RectificationOutcome.REFUSED)
    rectification.decide_rectification(
        social, case_id, key, outcome=RectificationOutcome.REFUSED, reason="Le contrat dit agent de tri."
    )
    [found] = cases.read_case(social, case_id, part="summary").contested
    assert found.answer == "Correction refusée : Le contrat dit agent de tri."
    with pytest.raises(RuleViolation, match="déjà"):
        rectification.decide_rectification(social, case_id, key, outcome=RectificationOutcome.CORRECTED)


def test_who_may_write_down_and_decide(world: World, actor_of: ActorOf) -> None:
    case_id = world.case["a.shared"]
    for person in ("a.cap_emploi", "a.csam", "a.dpo"):
        with pytest.raises(Forbidden):
            contest(actor_of(person), case_id)
    with pytest.raises(InvalidInput):
        contest(actor_of("a.cpam"), case_id, Label.MEDICAL)
    key = contest(actor_of("a.service_medical"), case_id, Label.MEDICAL)
    corrected = {"outcome": RectificationOutcome.CORRECTED}
    for person in ("a.service_social", "a.cpam", "a.coordinateur", "b.service_medical"):
        with pytest.raises(NotFound):
            rectification.decide_rectification(actor_of(person), case_id, key, **corrected)
    rectification.decide_rectification(actor_of("a.service_medical"), case_id, key, **corrected)


def test_while_frozen_it_is_written_down_and_refused_but_not_corrected(world: World, actor_of: ActorOf) -> None:
    social, case_id = actor_of("a.service_social"), world.case["a.shared"]
    freeze(social, case_id)
    key = contest(social, case_id)
    with pytest.raises(RuleViolation, match="limité"):
        rectification.decide_rectification(social, case_id, key, outcome=RectificationOutcome.CORRECTED)
    rectification.decide_rectification(social, case_id, key, outcome=RectificationOutcome.NOTED)


def test_the_words_are_sealed_and_only_added_to(owner: Database, world: World, actor_of: ActorOf) -> None:
    key = contest(actor_of("a.service_social"), world.case["a.shared"])
    with owner.engine.connect() as connection:
        row = connection.execute(text("SELECT field, statement FROM rectification")).one()
    assert not [value for value in row if b"cariste" in bytes(value) or b"Poste" in bytes(value)]
    rectification.decide_rectification(
        actor_of("a.service_social"), world.case["a.shared"], key, outcome=RectificationOutcome.NOTED
    )
    for table in ("rectification", "rectification_decision"):
        for verb in (f"UPDATE {table} SET label = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError, match="append-only"), owner.engine.begin() as connection:
                connection.execute(text(verb))


def test_what_is_contested_is_in_no_list_that_leaves_and_in_no_minutes(world: World, actor_of: ActorOf) -> None:
    _contest_everything(world)
    held = seance.hold(world)
    minutes.compose_minutes(actor_of("a.coordinateur"), held.meeting)
    seance.deliver()
    for person in ("a.coordinateur", "a.cap_emploi"):
        shown = minutes.read_minutes(actor_of(person), held.meeting).shown.content
        assert "parole-" not in str(shown), person
    file = cases.export_cases(
        actor_of("a.cpam"), CaseFilters(), reason="Essai", file_format=ExportFormat.CSV, with_names=True
    )
    assert b"parole-" not in file.content


def test_the_pages_write_down_and_decide(world: World, sign_in_as: SignIn) -> None:
    client, tab = sign_in_as("a.service_social"), f"/dossiers/{world.case['a.shared']}/droits"
    assert client.get(f"{tab}/contestation").status_code == 200
    typed = {"label": "employment", "field": "Poste", "statement": "Je suis cariste", "asked_on": ""}
    refused = client.post(f"{tab}/contestation", data=typed)
    assert refused.status_code == 422
    assert "Je suis cariste" in refused.get_data(as_text=True)
    typed["asked_on"] = clock.today().isoformat()
    assert client.post(f"{tab}/contestation", data=typed).status_code == 303
    with as_owner() as session:
        key = session.scalars(select(Rectification.public_id)).one()
    page = f"{tab}/contestation/{key}"
    assert client.get(page).status_code == 200
    assert client.post(page, data={"outcome": "refused"}).status_code == 422
    assert client.post(page, data={"outcome": "noted", "reason": "Vu"}).status_code == 303
    assert "Note jointe" in client.get(tab).get_data(as_text=True)


def test_the_tab_shows_what_the_reader_reads_only(world: World, actor_of: ActorOf) -> None:
    _contest_everything(world)
    shown = case_rights.read_case_rights(actor_of("a.cpam"), world.case["a.shared"]).sections.contested
    labels = {found.row.label for found in shown}
    assert Label.EMPLOYMENT in labels
    assert not {Label.MEDICAL, Label.SOCIAL} & labels


def test_who_does_not_read_a_zone_is_not_told_that_a_file_of_it_was_corrected(world: World, actor_of: ActorOf) -> None:
    with as_owner() as session:
        for label in (None, Label.REQUEST, Label.MEDICAL, Label.SOCIAL):
            session.add(
                RecipientNotice(
                    cellule_id=world.cellule["a"],
                    case_id=world.case_id["a.shared"],
                    organisation_id=world.organisation["a.cap_emploi"],
                    news=RecipientNews.RECTIFIED,
                    label=label,
                    told_at=clock.now(),
                )
            )
    told = {
        name: {row.label for row in case_rights.read_case_rights(actor_of(name), world.case["a.shared"]).sections.told}
        for name in ("a.service_medical", "a.service_social", "a.coordinateur")
    }
    assert told == {
        "a.service_medical": {None, Label.REQUEST, Label.MEDICAL},
        "a.service_social": {None, Label.REQUEST, Label.SOCIAL},
        "a.coordinateur": {None, Label.REQUEST},
    }
