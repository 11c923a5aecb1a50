"""The « Pièces » tab and its forms, as people use them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import undefer

from pdp.accounts.recipients import list_scopes
from pdp.audit.models import AuditEntry
from pdp.consent.models import Departure
from pdp.core import antivirus, crypto
from pdp.core.crypto import Keyring, Tampered
from pdp.core.errors import RuleViolation
from pdp.documents import service
from pdp.documents.enums import PaperKind, ReviewState, Spread
from pdp.documents.models import Document, DocumentBody
from pdp.documents.rules.limits import Limits
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests.enums import PieceNature, PieceState, RequestStatus
from pdp.requests.models import DispositifRequest, RequiredPiece
from tests.conftest import KEYS
from tests.documents.builders import TEXT, add_piece
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
LETTER = "Je demande un essai encadré.\n".encode()


def send(
    client: StrictClient,
    world: World,
    case: str = "a.shared",
    *,
    body: bytes = LETTER,
    name: str = "x.txt",
    **values: Any,
) -> Any:
    """Post the form that adds a piece."""
    fields = {"kind": "INSURED_REQUEST", **values, "file": (BytesIO(body), name)}
    return client.post(f"/dossiers/{world.case[case]}/pieces/ajouter", data=fields)


def pieces() -> list[Document]:
    """Return the stored pieces, oldest first."""
    with as_owner() as session:
        return list(session.query(Document).order_by(Document.id))


def test_a_member_of_the_core_adds_a_piece_and_opens_it(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.service_social")
    answer = send(client, world, precision="du 12 mars")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    page = client.get(answer.location).get_data(as_text=True)
    assert "La pièce est au dossier." in page
    assert "Demande écrite de l’assuré, du 12 mars" in page
    (row,) = pieces()
    file = client.get(f"/pieces/{row.public_id}")
    assert file.data == LETTER
    assert file.headers["Content-Disposition"] == "attachment; filename=2026-0002-demande-de-l-assure.txt"
    assert file.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Cache-Control"] == "no-store"
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


def test_a_partner_proposes_and_the_referent_decides(world: World, sign_in_as: SignIn) -> None:
    partner, referent = sign_in_as("a.cap_emploi"), sign_in_as("a.service_social")
    answer = send(partner, world, kind="BOETH_TITLE", precision="renouvellement")
    page = partner.get(answer.location).get_data(as_text=True)
    assert "Le référent du dossier l’examine" in page
    assert "Vos propositions" in page
    assert "À examiner" in page
    (row,) = pieces()
    assert (row.review, row.spread, row.label) == (ReviewState.PROPOSED, Spread.CORE, Label.BOETH)
    # Its author opens it, the referent as well; nobody else knows that it exists.
    assert partner.get(f"/pieces/{row.public_id}").data == LETTER
    assert referent.get(f"/pieces/{row.public_id}").data == LETTER
    for stranger in (
        "a.cpam",
        "a.service_medical",
        "a.coordinateur",
        "a.spst",
        "a.service_social_2",
        "b.service_social",
    ):
        assert sign_in_as(stranger).get(f"/pieces/{row.public_id}").status_code == 404, stranger
    form = referent.get(f"/pieces/{row.public_id}/examen").get_data(as_text=True)
    assert "Notification RQTH ou autre titre, renouvellement" in form
    decided = referent.post(
        f"/pieces/{row.public_id}/examen",
        data={"decision": "accept", "label": "boeth", "spread": "AGREED", "version": "1"},
    )
    assert decided.status_code == 303
    assert sign_in_as("a.cpam").get(f"/pieces/{row.public_id}").data == LETTER
    assert sign_in_as("a.spst").get(f"/pieces/{row.public_id}").data == LETTER


def test_what_goes_no_further_than_the_core_stays_there(world: World, sign_in_as: SignIn) -> None:
    with as_owner():
        inside = add_piece(world, "a.shared", spread=Spread.CORE)
        medical = add_piece(world, "a.shared", label=Label.MEDICAL, by="service_medical", body=b"autre")
    assert sign_in_as("a.cpam").get(f"/pieces/{inside}").status_code == 200
    assert sign_in_as("a.cap_emploi").get(f"/pieces/{inside}").status_code == 404
    assert sign_in_as("a.service_medical").get(f"/pieces/{medical}").status_code == 200
    assert sign_in_as("a.service_social").get(f"/pieces/{medical}").status_code == 404
    assert "Compte rendu" not in sign_in_as("a.service_social").get(
        f"/dossiers/{world.case['a.shared']}/pieces"
    ).get_data(as_text=True)


def test_a_refusal_is_explained_to_the_partner_and_closes_the_piece(world: World, sign_in_as: SignIn) -> None:
    partner, referent = sign_in_as("a.cap_emploi"), sign_in_as("a.service_social")
    page = send(partner, world).location
    (row,) = pieces()
    without = referent.post(f"/pieces/{row.public_id}/examen", data={"decision": "refuse", "version": "1"})
    assert without.status_code == 422
    assert "Dites en une phrase pourquoi" in without.get_data(as_text=True)
    referent.post(
        f"/pieces/{row.public_id}/examen",
        data={"decision": "refuse", "reason": "Ce n’est pas le bon dossier.", "version": "1"},
    )
    shown = partner.get(page).get_data(as_text=True)
    assert "Non retenue" in shown
    assert "Ce n’est pas le bon dossier." in shown
    assert partner.get(f"/pieces/{row.public_id}").status_code == 404


def test_a_stale_examination_shows_where_the_piece_is_and_changes_nothing(world: World, sign_in_as: SignIn) -> None:
    partner, referent = sign_in_as("a.cap_emploi"), sign_in_as("a.service_social")
    send(partner, world)
    (row,) = pieces()
    values = {"decision": "accept", "label": "request", "spread": "AGREED", "version": "1"}
    assert referent.post(f"/pieces/{row.public_id}/examen", data=values).status_code == 303
    late = sign_in_as("a.manager").post(
        f"/pieces/{row.public_id}/examen", data={"decision": "refuse", "reason": "Trop tard.", "version": "1"}
    )
    assert late.status_code == 409
    assert "Il n’y a plus rien à décider" in late.get_data(as_text=True)
    assert pieces()[0].review is ReviewState.ACCEPTED


def test_a_newer_version_takes_the_place_of_the_former_which_stays(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.service_social")
    send(client, world)
    (first,) = pieces()
    address = f"/dossiers/{world.case['a.shared']}/pieces/{first.public_id}/remplacer"
    assert "Cette version reste au dossier" in client.get(address).get_data(as_text=True)
    answer = client.post(address, data={"kind": "INSURED_REQUEST", "file": (BytesIO(b"seconde"), "b.txt")})
    page = client.get(answer.location).get_data(as_text=True)
    assert "1\u00a0version précédente" in page
    old, new = pieces()
    assert old.replaced_at is not None
    assert new.replaces_id == old.id
    assert client.get(f"/pieces/{old.public_id}").data == LETTER
    assert client.get(address).status_code == 404


def test_a_piece_taken_out_is_closed_to_everyone_and_leaves_its_trace(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.service_social")
    send(client, world)
    (row,) = pieces()
    assert "Plus personne ne pourra ouvrir" in client.get(f"/pieces/{row.public_id}/retrait").get_data(as_text=True)
    answer = client.post(
        f"/pieces/{row.public_id}/retrait", data={"reason": "Versée au mauvais dossier.", "version": "1"}
    )
    page = client.get(answer.location).get_data(as_text=True)
    assert "1\u00a0pièce retirée ou non retenue" in page
    assert "Versée au mauvais dossier." in page
    assert client.get(f"/pieces/{row.public_id}").status_code == 404
    assert "Versée" not in sign_in_as("a.cap_emploi").get(answer.location).get_data(as_text=True)


def test_the_same_file_sent_twice_is_one_piece(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.service_social")
    send(client, world)
    assert "déjà au dossier" in client.get(send(client, world).location).get_data(as_text=True)
    assert len(pieces()) == 1


def test_sending_a_file_tells_nobody_that_it_was_there(world: World, sign_in_as: SignIn) -> None:
    with as_owner():
        add_piece(world, "a.shared", label=Label.MEDICAL, by="service_medical", body=LETTER)
    partner = sign_in_as("a.cap_emploi")
    page = partner.get(send(partner, world).location).get_data(as_text=True)
    assert "La pièce est proposée." in page
    assert len(pieces()) == 2


def test_a_file_too_heavy_is_refused_and_what_was_typed_stays(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.service_social")
    answer = send(client, world, body=bytes(30_000_000), name="gros.pdf", precision="du 12 mars")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 413
    assert "Ce fichier dépasse 10\u00a0Mo" in page
    assert 'value="du 12 mars"' in page
    assert '<option value="INSURED_REQUEST" selected>' in page
    assert pieces() == []


def test_other_routes_still_refuse_two_megabytes(world: World, sign_in_as: SignIn) -> None:
    answer = sign_in_as("a.service_social").post(
        f"/dossiers/{world.case['a.shared']}/accompagnement", data={"text": "a" * 2_500_000, "label": "plan"}
    )
    assert answer.status_code == 413


def test_a_heavy_body_without_its_token_is_refused_like_any_other(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.service_social")
    answer = client.post(
        f"/dossiers/{world.case['a.shared']}/pieces/ajouter",
        data={"kind": "OTHER", "file": (BytesIO(bytes(12_000_000)), "gros.pdf")},
        headers={"X-CSRFToken": ""},
    )
    assert answer.status_code == 400


def test_a_refused_file_says_why_and_leaves_a_code_in_the_journal(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.service_social")
    answer = send(client, world, body=b"MZ\x00\x00", name="piece.exe", precision="du 12 mars")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Ce format n’est pas accepté pour une pièce." in page
    assert 'value="du 12 mars"' in page
    with as_owner() as session:
        entries = session.query(AuditEntry).filter_by(action="document.rejected").all()
    assert [entry.detail for entry in entries] == [{"reason": "format"}]


def test_a_form_without_a_file_or_a_kind_says_both(world: World, sign_in_as: SignIn) -> None:
    answer = sign_in_as("a.service_social").post(
        f"/dossiers/{world.case['a.shared']}/pieces/ajouter", data={"precision": "1 85 05 78 006 084 36"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Choisissez le fichier à ajouter." in page
    assert "Pas de numéro de sécurité sociale ici" in page


def test_the_schema_takes_no_field_that_it_does_not_name(world: World, sign_in_as: SignIn) -> None:
    partner = sign_in_as("a.cap_emploi")
    send(partner, world, review="ACCEPTED", scan="CLEAN", spread="AGREED", organisation_id="1", added_by_id="1")
    (row,) = pieces()
    assert (row.review, row.spread) == (ReviewState.PROPOSED, Spread.CORE)
    assert row.added_by_id == world.user["a.cap_emploi"]


def test_nobody_files_a_piece_where_they_may_not_write(world: World, sign_in_as: SignIn) -> None:
    answer = send(sign_in_as("a.cpam"), world, label="agreements")
    assert answer.status_code == 422
    assert "Vous ne pouvez pas ranger de pièce" in answer.get_data(as_text=True)
    hidden = send(sign_in_as("a.cap_emploi"), world, label="medical")
    assert hidden.status_code == 422
    assert "zone médicale" not in hidden.get_data(as_text=True)
    assert send(sign_in_as("a.mdph"), world).status_code == 404
    assert send(sign_in_as("a.admin"), world).status_code == 404


def test_a_missing_piece_invites_to_add_it_and_one_act_records_it(world: World, sign_in_as: SignIn) -> None:
    with as_owner() as session:
        request = session.query(DispositifRequest).filter_by(public_id=world.request["a.shared"]).one()
        request.status = RequestStatus.DRAFT
        wanted = RequiredPiece(
            cellule_id=request.cellule_id,
            request_id=request.id,
            position=90,
            nature=PieceNature.DOCUMENT,
            kind="PMSMP_CONVENTION",
            state=PieceState.ABSENT,
        )
        session.add(wanted)
        session.flush()
    client, tab = sign_in_as("a.service_social"), f"/dossiers/{world.case['a.shared']}/pieces"
    page = client.get(tab).get_data(as_text=True)
    assert f"{tab}/ajouter?attendue={wanted.public_id}" in page
    form = client.get(f"{tab}/ajouter?attendue={wanted.public_id}").get_data(as_text=True)
    assert '<option value="PMSMP_CONVENTION" selected>' in form
    send(client, world, kind="PMSMP_CONVENTION", expected=wanted.public_id)
    (row,) = pieces()
    record = f"/demandes/{world.request['a.shared']}/pieces/{wanted.public_id}/depuis/{row.public_id}"
    assert record in client.get(tab).get_data(as_text=True)
    assert client.post(record).status_code == 303
    with as_owner() as session:
        stored = session.get_one(RequiredPiece, wanted.id)
        assert (stored.state, stored.recorded_by_id) == (PieceState.PRESENT, world.user["a.service_social"])
    assert record not in client.get(tab).get_data(as_text=True)


def test_opening_a_piece_leaves_one_entry_and_a_partner_s_copy_is_registered(world: World, sign_in_as: SignIn) -> None:
    core, partner = sign_in_as("a.cpam"), sign_in_as("a.cap_emploi")
    with as_owner() as session:
        public_id = add_piece(world, "a.shared")
        before = session.query(AuditEntry).count()
    core.get(f"/pieces/{public_id}")
    with as_owner() as session:
        assert session.query(AuditEntry).count() == before + 1
        assert session.query(Departure).count() == 0
    partner.get(f"/pieces/{public_id}")
    with as_owner() as session:
        entries = session.query(AuditEntry).filter_by(action="document.read").all()
        (left,) = session.query(Departure).all()
    assert len(entries) == 2
    assert (left.object_kind, left.organisation_id) == ("document", world.organisation["a.cap_emploi"])
    assert left.labels == frozenset({Label.REQUEST})


def test_a_piece_whose_bytes_were_changed_does_not_leave(world: World, sign_in_as: SignIn, app: Flask) -> None:
    with as_owner() as session:
        public_id = add_piece(world, "a.shared")
        stored = session.query(DocumentBody).options(undefer(DocumentBody.sealed)).one()
        stored.sealed = stored.sealed[:-1] + bytes([stored.sealed[-1] ^ 1])
    with pytest.raises(Tampered):
        sign_in_as("a.cpam").get(f"/pieces/{public_id}")


def test_two_cases_with_the_same_file_have_nothing_in_common(world: World) -> None:
    with as_owner() as session:
        add_piece(world, "a.shared")
        add_piece(world, "a.alone")
        add_piece(world, "b.shared")
        rows = session.query(DocumentBody).options(undefer(DocumentBody.sealed)).all()
    assert len({row.digest for row in rows}) == 3
    assert len({row.sealed for row in rows}) == 3
    assert not any(TEXT in row.sealed for row in rows)


def test_files_are_sealed_again_under_a_newer_key_and_open_as_before(world: World, sign_in_as: SignIn) -> None:
    with as_owner():
        public_id = add_piece(world, "a.shared")
    crypto.load(Keyring({**KEYS, 2: bytes(range(1, 33))}, 2, index=1))
    scope = next(found for found in list_scopes() if found.cellule_id == world.cellule["a"])
    assert service.reseal(scope) == 1
    assert service.reseal(scope) == 0
    with as_owner() as session:
        assert [row.key_id for row in session.query(DocumentBody)] == [2]
    assert sign_in_as("a.cpam").get(f"/pieces/{public_id}").data == TEXT


def test_limits_are_said_in_french(world: World, actor_of: Callable[[str], Actor]) -> None:
    actor = actor_of("a.service_social")
    limits = Limits(of_case=1, of_day=1)
    values = {"title_kind": PaperKind.OTHER, "file_name": "a.txt", "limits": limits}
    service.add_document(actor, world.case["a.shared"], stream=BytesIO(b"une"), **values)
    with pytest.raises(RuleViolation, match="contient déjà 1 pièces"):
        service.add_document(actor, world.case["a.shared"], stream=BytesIO(b"deux"), **values)
    with pytest.raises(RuleViolation, match="c’est la limite"):
        service.add_document(actor, world.case["a.alone"], stream=BytesIO(b"trois"), **values)


def test_a_closed_case_takes_no_piece(world: World, sign_in_as: SignIn) -> None:
    answer = sign_in_as("a.service_social").get(f"/dossiers/{world.case['a.closed']}/pieces/ajouter")
    assert answer.status_code == 422
    assert "clos" in answer.get_data(as_text=True)


def test_the_list_costs_the_same_for_five_pieces_and_forty(
    world: World, sign_in_as: SignIn, count_queries: Callable[[], Any], figure: Callable[[str, object], None]
) -> None:
    client, costs = sign_in_as("a.service_social"), []
    for first, last in ((0, 5), (5, 40)):
        with as_owner():
            for number in range(first, last):
                add_piece(world, "a.shared", body=f"{number}".encode())
        with count_queries() as seen:
            client.get(f"/dossiers/{world.case['a.shared']}/pieces")
        costs.append(len(seen))
    assert costs[0] == costs[1]
    figure("documents.list.queries", f"{costs[1]} statements for 5 pieces as for 40")


@pytest.mark.parametrize(
    ("setting", "words"), [("off", "Les pièces ne passent par aucun antivirus"), ("", "L’antivirus ne répond pas")]
)
def test_the_administrator_reads_how_the_antivirus_stands(
    setting: str, words: str, world: World, sign_in_as: SignIn
) -> None:
    antivirus.install(antivirus.from_setting(setting))
    page = sign_in_as("a.admin").get("/cellule/pieces").get_data(as_text=True)
    assert words in page
