"""The copy of one person's data: everything of theirs, by label, and nothing of anybody else."""

import io
import re
from collections.abc import Callable

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import update

from pdp.cases.models import Case
from pdp.core import clock
from pdp.core.errors import RuleViolation
from pdp.policy.actor import Actor
from pdp.privacy.enums.pack import PartState, WithheldReason
from pdp.privacy.enums.register import Channel, IdentityProof, RightKind
from pdp.privacy.models import PackPart, RightsRequest
from pdp.privacy.rules.copy import fields_of
from pdp.privacy.service import pack, register, sealing
from tests.access.canary.tokens import Canary, values_in
from tests.access.canary.unpack import content_words
from tests.access.canary.world import CanaryWorld
from tests.support.databases import as_owner

ActorOf = Callable[[str], Actor]
MINE, ALSO_MINE = "a.all", "a.alone"
# Columns of a case that its copy leaves out, by hand, each with its reason.
LEFT_OUT = {
    ("insured_person", "search_key"): "the names again",
    ("insured_person", "nir_index"): "a blind index of the number",
    ("person_alias", "search_key"): "the names again",
    ("person_alias", "nir_index"): "a blind index of the number",
    ("vote", "idempotency_key"): "serves the machine",
    ("ballot_voter", "seat_label"): "tells which agent voted",
    ("ballot", "vote_asked_by"): "tells which agent asked for a vote",
    ("human_answer", "seat_label"): "tells which agent answered",
    ("emergency_access", "reason"): "an agent's words that no preparer may read",
    ("emergency_access", "review_comment"): "the DPO's words about an agent",
    ("merge_proposal", "reason"): "speaks of two persons at once",
    ("merge_proposal", "decision"): "speaks of two persons at once",
    ("merge_proposal", "undo_reason"): "speaks of two persons at once",
}
_NUMBERS = re.compile(r"41\d{3}")
_OUT_OF_SIGHT = {"secret", "directory", "watch", "register"}


@pytest.fixture
def people(canary: CanaryWorld) -> CanaryWorld:
    """One person with two cases, whose first names another insured person, a case of theirs and a colleague."""
    other = {
        one.column: one for one in canary.canaries.values() if one.table == "insured_person" and one.case == "a.few"
    }
    reference = next(one for one in canary.canaries.values() if one.case == "a.few" and one.column == "reference")
    agent = {
        row["id"]: f"{row['given_name']} {row['family_name']}"
        for row in canary.rows["user_account"]
        if row["id"] == canary.world.user["a.cpam"]
    }
    ids = canary.world.case_id
    with as_owner() as session:
        mine = session.get_one(Case, ids[MINE])
        second = {"person_id": mine.person_id, "referent_user_id": canary.world.user["a.service_social_2"]}
        session.execute(update(Case).where(Case.id == ids[ALSO_MINE]).values(**second))
        given, family = other["given_name"].value, other["family_name"].value
        mine.presentation = (
            f"{mine.presentation} A croisé {given} {family}. Voir {reference.value}. "
            f"Mme {family.upper()} le confirme. Vu par {agent[canary.world.user['a.cpam']]}."
        )
    return canary


def of_person(canary: CanaryWorld) -> dict[str, tuple[str, str]]:
    """Return every value of the person that a copy must hold."""
    closed_votes = {row["id"] for row in last_votes(canary)}
    return {
        value: (found.table, found.column)
        for value, found in canary.canaries.items()
        if belongs(canary, found)
        and not (found.table == "insured_person" and found.case == ALSO_MINE)
        and found.label.partition(" ")[0] not in _OUT_OF_SIGHT
        and (found.table, found.column) not in LEFT_OUT
        and (found.table != "vote" or found.row["id"] in closed_votes)
        and (found.table != "advice_reply" or revealed(canary, found.row))
    }


def belongs(canary: CanaryWorld, found: Canary) -> bool:
    """Tell whether a value is about the person: of one of the two cases, or a former name."""
    (case,) = [row for row in canary.rows["case_file"] if row["id"] == canary.world.case_id[MINE]]
    former = found.table == "person_alias" and found.row["person_id"] == case["person_id"]
    return former or found.case in (MINE, ALSO_MINE)


def last_votes(canary: CanaryWorld) -> list[dict[str, object]]:
    """Return the votes of closed ballots that hold: the last one of each seat."""
    last: dict[tuple[object, object], dict[str, object]] = {}
    for row in sorted(canary.rows["vote"], key=lambda one: one["sequence"]):
        if row["_closed"]:
            last[row["ballot_id"], row["seat_id"]] = row
    return list(last.values())


def revealed(canary: CanaryWorld, reply: dict[str, object]) -> bool:
    """Tell whether everyone asked has answered, or the time is up."""
    asks = {row["id"]: row for row in canary.rows["advice_ask"]}
    rounds = {row["id"]: row for row in canary.rows["advice_round"]}
    asked = rounds[asks[reply["ask_id"]]["round_id"]]
    answered = {row["ask_id"] for row in canary.rows["advice_reply"]}
    waiting = [
        row
        for row in asks.values()
        if row["round_id"] == asked["id"]
        and row["id"] not in answered
        and not row["revoked_at"]
        and not row["declined_at"]
    ]
    return not waiting or asked["due_on"] < clock.today()


def prepared(canary: CanaryWorld, actor_of: ActorOf) -> str:
    """Record the request and open the preparation; return the public id of the request."""
    referent = actor_of("a.service_social")
    request = register.record_request(
        referent,
        canary.world.case[MINE],
        kind=RightKind.ACCESS,
        channel=Channel.MAIL,
        received_on=clock.today(),
        identity_proof=IdentityProof.KNOWN,
    )
    pack.prepare(referent, request, version=1)
    return request


def parts_of(case: str, canary: CanaryWorld) -> dict[str, PackPart]:
    with as_owner() as session:
        found = session.query(PackPart).filter_by(case_id=canary.world.case_id[case]).order_by(PackPart.id.desc())
        return {row.part.value: row for row in reversed(found.limit(3).all())}


def release_all(canary: CanaryWorld, actor_of: ActorOf, *, medical: bool = True) -> None:
    for case, referent in ((MINE, "a.service_social"), (ALSO_MINE, "a.service_social_2")):
        for name, part in parts_of(case, canary).items():
            actor = actor_of("a.service_medical" if name == "medical" else referent)
            if name == "medical" and not medical:
                pack.withhold(actor, part.public_id, version=part.version, reason=WithheldReason.PHYSICIAN)
            else:
                pack.release(actor, part.public_id, version=part.version)


def version_of(request: str) -> int:
    with as_owner() as session:
        return session.query(RightsRequest).filter_by(public_id=request).one().version


def opened(body: bytes, passphrase: str) -> tuple[set[str], set[str], dict[str, bytes]]:
    """Return the values found on the pages, those found in the files attached, and these files."""
    with pikepdf.open(io.BytesIO(body), password=passphrase) as pdf:
        files = {name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments}
        clear = io.BytesIO()
        pdf.save(clear, encryption=False)
    attached = "\n".join(
        file.decode("utf-8", "replace") for name, file in files.items() if name.endswith((".json", ".txt"))
    )
    # On a page a number may touch the title beside it.
    pages = _NUMBERS.sub(r" \g<0> ", content_words(clear.getvalue()))
    return values_in(pages), values_in(attached), files


def seal(canary: CanaryWorld, actor_of: ActorOf, request: str) -> tuple[str, bytes]:
    sealed = sealing.seal(actor_of("a.service_social"), request, version=version_of(request))
    _, body = sealing.fetch(actor_of("a.dpo"), request)
    return sealed.passphrase, body


def test_a_copy_holds_all_of_the_person_and_nothing_of_others(
    app: Flask, people: CanaryWorld, actor_of: ActorOf, figure: Callable[[str, object], None]
) -> None:
    request = prepared(people, actor_of)
    release_all(people, actor_of)
    passphrase, body = seal(people, actor_of, request)
    printed, portable, files = opened(body, passphrase)
    wanted = of_person(people)
    assert {wanted[value] for value in wanted.keys() - printed} == set()
    assert {wanted[value] for value in wanted.keys() - portable} == set()
    foreign = {
        (found.table, found.column, found.case or found.cellule)
        for value, found in people.canaries.items()
        if value in printed | portable and value not in wanted and not is_theirs(found)
    }
    assert foreign == set()
    assert {"donnees.json", "donnees.xlsx"} < set(files)
    columns = set(wanted.values())
    figure("pack.complete", f"{len(wanted)} of {len(wanted)} values of the person, of {len(columns)} columns")
    figure("pack.foreign", f"{len(foreign)} values of other people or cellules")


def is_theirs(found: Canary) -> bool:
    """Say what stands beside a person's own values: the names of the organisations and of the cellule."""
    beside = {
        ("organisation", "name"),
        ("organisation", "short_name"),
        ("cellule", "name"),
        ("cellule", "caisse_name"),
    }
    return found.cellule == "a" and (found.table, found.column) in beside


def test_the_medical_part_leaves_only_once_its_service_released_it(
    app: Flask, people: CanaryWorld, actor_of: ActorOf
) -> None:
    request = prepared(people, actor_of)
    for case, referent in ((MINE, "a.service_social"), (ALSO_MINE, "a.service_social_2")):
        for name, part in parts_of(case, people).items():
            if name != "medical":
                pack.release(actor_of(referent), part.public_id, version=part.version)
    with pytest.raises(RuleViolation, match="attend encore"):
        sealing.seal(actor_of("a.service_social"), request, version=version_of(request))
    for case in (MINE, ALSO_MINE):
        part = parts_of(case, people)["medical"]
        pack.withhold(
            actor_of("a.service_medical"), part.public_id, version=part.version, reason=WithheldReason.PHYSICIAN
        )
    passphrase, body = seal(people, actor_of, request)
    printed, portable, _ = opened(body, passphrase)
    medical = {
        value
        for value, found in people.canaries.items()
        if found.label == "medical" and found.case in (MINE, ALSO_MINE)
    }
    assert medical
    assert medical & (printed | portable) == set()


def test_what_changed_since_it_was_released_keeps_the_copy_from_being_sealed(
    app: Flask, people: CanaryWorld, actor_of: ActorOf
) -> None:
    request = prepared(people, actor_of)
    release_all(people, actor_of)
    with as_owner() as session:
        session.get_one(Case, people.world.case_id[MINE]).signal_reason = "Une phrase ajoutée depuis."
    with pytest.raises(RuleViolation, match="a changé depuis sa relecture"):
        sealing.seal(actor_of("a.service_social"), request, version=version_of(request))
    assert {part.state for part in parts_of(MINE, people).values()} == {PartState.RELEASED}


def test_each_part_shows_its_preparer_nothing_of_the_other_parts(
    app: Flask, people: CanaryWorld, actor_of: ActorOf
) -> None:
    prepared(people, actor_of)
    seen: dict[str, set[str]] = {}
    for case, referent in ((MINE, "a.service_social"), (ALSO_MINE, "a.service_social_2")):
        for name, part in parts_of(case, people).items():
            page = pack.read_part(actor_of("a.service_medical" if name == "medical" else referent), part.public_id)
            text = "\n".join(field.text for field in fields_of(page.copy))
            found = {people.canaries[value].label for value in values_in(text) & people.canaries.keys()}
            seen[name] = seen.get(name, set()) | found
    assert seen["medical"] == {"medical"}
    assert seen["social"] == {"social"}
    assert not seen["general"] & {"medical", "social"}
    assert {"identity", "nir", "opinion", "vote", "decision"} <= seen["general"]


def test_the_file_opens_with_the_passphrase_and_not_without(
    app: Flask, people: CanaryWorld, actor_of: ActorOf
) -> None:
    request = prepared(people, actor_of)
    release_all(people, actor_of, medical=False)
    passphrase, body = seal(people, actor_of, request)
    for wrong in ("", passphrase.lower(), passphrase.replace("-", ""), passphrase[:-1]):
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(io.BytesIO(body), password=wrong)
    with pikepdf.open(io.BytesIO(body), password=passphrase) as pdf:
        assert pdf.encryption.R == 6
        assert pdf.encryption.bits == 256
        assert pdf.Root.MarkInfo.Marked
    assert values_in(body.decode("latin-1")) & people.canaries.keys() == set()
