"""The pages of the register and of a copy, as each reader meets them; how many statements they cost."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pikepdf
import pytest
from sqlalchemy import select

from pdp.audit.models import AuditEntry
from pdp.cases.models import CaseNote
from pdp.core import clock
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.privacy import jobs
from pdp.privacy.enums.register import RequestState
from pdp.privacy.models import AccessPack, PackPart, RightsRequest
from pdp.privacy.service import pack, sealing
from tests.privacy.rights_builders import add_request
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
ActorOf = Callable[[str], Actor]
Count = Callable[[], AbstractContextManager[list[str]]]
FORM = {"kind": "access", "channel": "mail", "identity_proof": "known"}


def page(client: StrictClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


def the_request() -> RightsRequest:
    with as_owner() as session:
        return session.scalars(select(RightsRequest).order_by(RightsRequest.id.desc()).limit(1)).one()


def recorded(client: StrictClient, world: World) -> RightsRequest:
    today = clock.today().isoformat()
    answer = client.post(f"/dossiers/{world.case['a.shared']}/droits/nouvelle", data=FORM | {"received_on": today})
    assert answer.status_code == 303
    return the_request()


def test_a_referent_records_a_request_from_the_case_and_finds_it_there(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.service_social")
    request = recorded(client, world)
    assert request.reference == f"DR-{clock.today().year}-001"
    assert request.state is RequestState.RECEIVED
    assert request.reference in page(client, f"/dossiers/{world.case['a.shared']}/droits")
    assert "Préparer la copie" in page(client, f"/droits/{request.public_id}")


def test_the_dpo_records_by_reference_and_is_told_of_a_wrong_one(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.dpo")
    data = FORM | {"received_on": clock.today().isoformat(), "case_reference": "2026-9999"}
    answer = client.post("/droits/nouvelle", data=data)
    assert answer.status_code == 422
    assert "Aucun dossier de la cellule" in answer.get_data(as_text=True)
    assert 'value="2026-9999"' in answer.get_data(as_text=True)
    assert client.post("/droits/nouvelle", data=data | {"case_reference": "2026-0002"}).status_code == 303
    assert the_request().case_id == world.case_id["a.shared"]
    with as_owner() as session:
        told = session.scalars(select(Notice.user_id).where(Notice.kind == NoticeKind.RIGHTS_RECEIVED)).all()
    assert told == [world.user["a.service_social"]]


def test_a_request_of_an_unknown_person_is_followed_by_the_coordination(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.coordinateur")
    assert client.post("/droits/nouvelle", data=FORM | {"received_on": clock.today().isoformat()}).status_code == 303
    assert "personne inconnue" in page(client, "/droits")
    page(sign_in_as("a.manager"), f"/droits/{the_request().public_id}", 404)


def test_the_register_shows_late_requests_first_and_no_name(sign_in_as: SignIn, world: World) -> None:
    today = clock.today()
    with as_owner():
        add_request(world, "a.alone", reference="DR-2026-901", due_on=today + timedelta(days=3))
        add_request(world, "a.shared", reference="DR-2026-902", due_on=today - timedelta(days=3))
        add_request(world, "a.partial", reference="DR-2026-903", due_on=None, state=RequestState.IDENTITY_AWAITED)
        add_request(world, "b.shared", reference="DR-2026-904")
    text = page(sign_in_as("a.dpo"), "/droits")
    assert re.findall(r"DR-2026-90\d", text) == ["DR-2026-902", "DR-2026-901", "DR-2026-903"]
    assert "il y a 3\u00a0jours" in text
    assert "NomShared" not in text
    assert "Prénom" not in text


def test_the_register_goes_on_page_after_page_without_losing_a_line(sign_in_as: SignIn, world: World) -> None:
    with as_owner():
        for number in range(40):
            due = clock.today() + timedelta(days=number % 3) if number % 5 else None
            add_request(world, "a.shared", reference=f"DR-2025-{number:03}", due_on=due)
    client = sign_in_as("a.dpo")
    first = page(client, "/droits")
    (following,) = re.findall(r'href="(/droits\?apres=[^"]+)"', first)
    second = page(client, following)
    seen = [*re.findall(r"DR-2025-\d{3}", first), *re.findall(r"DR-2025-\d{3}", second)]
    assert len(seen) == 40
    assert len(set(seen)) == 40


def test_the_register_costs_as_many_statements_for_5_requests_as_for_40(
    sign_in_as: SignIn, world: World, count_queries: Count, figure: Callable[[str, object], None]
) -> None:
    client = sign_in_as("a.dpo")
    counts = []
    for more in (5, 35):
        with as_owner():
            for number in range(more):
                add_request(world, "a.shared", reference=f"DR-{2000 + more}-{number:03}")
        client.get("/droits")
        with count_queries() as statements:
            client.get("/droits")
        counts.append(len([text for text in statements if "user_session" not in text]))
    assert counts[0] == counts[1]
    figure("rights.statements", f"{counts[0]} statements for 5 requests, {counts[1]} for 40")


def test_a_part_costs_as_many_statements_for_2_notes_as_for_40(
    sign_in_as: SignIn, world: World, actor_of: ActorOf, count_queries: Count, figure: Callable[[str, object], None]
) -> None:
    client = sign_in_as("a.service_social")
    request = recorded(client, world)
    counts = []
    for more in (2, 38):
        with as_owner() as session:
            for number in range(more):
                session.add(note(world, f"Note {number} du plan d’aide."))
        pack.prepare(actor_of("a.service_social"), request.public_id, version=the_request().version)
        path = f"/droits/parties/{part_of('general')}"
        client.get(path)
        with count_queries() as statements:
            client.get(path)
        counts.append(len([text for text in statements if "user_session" not in text]))
    assert counts[0] == counts[1]
    figure("pack.statements", f"{counts[0]} statements to preview 2 notes, {counts[1]} for 40")


def note(world: World, text: str, label: Label = Label.PLAN) -> CaseNote:
    return CaseNote(
        cellule_id=world.cellule["a"],
        case_id=world.case_id["a.shared"],
        label=label,
        text=text,
        author_id=world.user["a.service_social"],
        written_at=clock.now(),
    )


def part_of(name: str) -> str:
    with as_owner() as session:
        rows = session.scalars(select(PackPart).order_by(PackPart.id)).all()
        return {row.part.value: row.public_id for row in rows}[name]


def test_a_copy_goes_from_its_preparation_to_the_person_through_the_pages(
    sign_in_as: SignIn, world: World, figure: Callable[[str, object], None]
) -> None:
    with as_owner() as session:
        session.add(note(world, "Sa voisine Josette l’accompagne. Le plan prévoit un essai encadré."))
    social = sign_in_as("a.service_social")
    request = recorded(social, world)
    path = f"/droits/{request.public_id}"
    assert social.post(f"{path}/copie", data={"version": "1"}).status_code == 303
    general, medical = part_of("general"), part_of("medical")
    text = page(social, f"/droits/parties/{general}")
    (field,) = re.findall(rf'/droits/parties/{general}/passages/(case_note\.text:[^"]+)"', text)
    data = {"reason": "third_party", "passage": "Josette"}
    assert social.post(f"/droits/parties/{general}/passages/{field}", data=data).status_code == 303
    text = page(social, f"/droits/parties/{general}")
    assert "Josette" not in text
    assert "[passage masqué" in text
    for client, part in ((social, general), (sign_in_as("a.service_medical"), medical)):
        assert client.post(f"/droits/parties/{part}/remise", data={"version": "1"}).status_code == 303
    answer = social.post(f"{path}/copie/scellement", data={"version": "2"})
    assert answer.status_code == 200
    (passphrase,) = re.findall(r"<strong>((?:[A-Z2-9]{4}-){4}[A-Z2-9]{4})</strong>", answer.get_data(as_text=True))
    file = sign_in_as("a.dpo").get(f"{path}/copie/fichier")
    assert file.status_code == 200
    assert "attachment" in file.headers["Content-Disposition"]
    assert "Shared" not in file.headers["Content-Disposition"]
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(file.data))
    with pikepdf.open(io.BytesIO(file.data), password=passphrase) as pdf:
        portable = pdf.attachments["donnees.json"].get_file().read_bytes().decode()
    assert "essai encadré" in portable
    assert "Josette" not in portable
    figure("pack.opens", "the file of the DPO opens with the passphrase, and not without")


def test_the_passphrase_is_stored_nowhere(
    sign_in_as: SignIn, world: World, actor_of: ActorOf, database: object
) -> None:
    sealed = sealed_pack(sign_in_as, world, actor_of)
    with as_owner() as session:
        stored = repr([dict(row._mapping) for row in session.execute(select(AccessPack.__table__))])
        journal = repr([dict(row._mapping) for row in session.execute(select(AuditEntry.__table__))])
    assert sealed.passphrase not in stored + journal


def sealed_pack(sign_in_as: SignIn, world: World, actor_of: ActorOf) -> sealing.Sealed:
    social = actor_of("a.service_social")
    request = recorded(sign_in_as("a.service_social"), world)
    pack.prepare(social, request.public_id, version=1)
    pack.release(social, part_of("general"), version=1)
    pack.release(actor_of("a.service_medical"), part_of("medical"), version=1)
    return sealing.seal(social, request.public_id, version=2)


def test_a_file_that_nobody_handed_over_is_destroyed_after_thirty_days(
    sign_in_as: SignIn, world: World, actor_of: ActorOf
) -> None:
    sealed = sealed_pack(sign_in_as, world, actor_of)
    with clock.acting_at(clock.now() + timedelta(days=30)):
        jobs.end_packs()
        assert the_request().state is RequestState.TO_HAND_OVER
    with clock.acting_at(clock.now() + timedelta(days=31)):
        jobs.end_packs()
    with as_owner() as session:
        row = session.execute(select(AccessPack.__table__)).one()
        kept = session.execute(select(PackPart.__table__.c.content)).scalars().all()
    assert (row.body, row.key_id, kept) == (None, None, [None, None])
    assert row.destroyed_at is not None
    assert the_request().state is RequestState.PREPARING
    page(sign_in_as("a.dpo"), f"/droits/{sealed.request.public_id}/copie/fichier", 404)


def test_a_reminder_leaves_once_before_the_deadline_and_once_after(
    sign_in_as: SignIn, world: World, actor_of: ActorOf
) -> None:
    with as_owner():
        add_request(world, "a.shared", due_on=clock.today() + timedelta(days=20))
    sent = []
    for days in (0, 13, 14, 20, 21, 22):
        with clock.acting_at(clock.now() + timedelta(days=days)):
            jobs.remind_due()
        with as_owner() as session:
            for notice in session.scalars(select(Notice).where(Notice.kind == NoticeKind.RIGHTS_DUE)):
                notice.seen_at = notice.seen_at or clock.now()
            session.flush()
            sent.append(len(session.scalars(select(Notice).where(Notice.kind == NoticeKind.RIGHTS_DUE)).all()))
    assert sent == [0, 1, 1, 1, 2, 2]


def test_a_refusal_says_the_remedies_and_closes_the_request(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.service_social")
    request = recorded(client, world)
    path = f"/droits/{request.public_id}/acte/refus"
    data = {"version": "1", "refused_on": clock.today().isoformat(), "reason": "excessive"}
    answer = client.post(path, data=data)
    assert answer.status_code == 422
    assert "la CNIL et le juge" in answer.get_data(as_text=True)
    assert client.post(path, data=data | {"remedies_told": "1"}).status_code == 303
    assert the_request().state is RequestState.REFUSED
    assert the_request().due_on is None
    answer = client.post(path, data=data | {"remedies_told": "1", "version": "2"})
    assert answer.status_code == 422


def test_a_stale_form_is_refused_and_nothing_moves(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.service_social")
    request = recorded(client, world)
    path = f"/droits/{request.public_id}/acte/preuve-demandee"
    data = {"version": "1", "asked_on": clock.today().isoformat()}
    assert client.post(path, data=data).status_code == 303
    assert the_request().due_on is None
    answer = client.post(
        f"/droits/{request.public_id}/acte/preuve-recue",
        data={**data, "given_on": data["asked_on"], "identity_proof": "paper"},
    )
    assert answer.status_code == 409
    assert the_request().state is RequestState.IDENTITY_AWAITED
