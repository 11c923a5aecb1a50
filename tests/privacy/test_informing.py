"""Who is to be informed on which day, by hand; which version was given, by whom and how, is provable."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pikepdf
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pdp.cases.models import Case
from pdp.core import clock
from pdp.core.db import Database
from pdp.core.errors import Forbidden, InvalidInput, NotFound
from pdp.documents.enums import PaperKind
from pdp.home.service import read_worklist
from pdp.policy.actor import Actor
from pdp.privacy import texts
from pdp.privacy.enums.notices import NoticeMeans
from pdp.privacy.models import NoticeGiven
from pdp.privacy.rules.informing import Informing, Version, one_month_after, standing
from pdp.privacy.service import case_rights, notices
from tests.documents.builders import add_piece
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
Figure = Callable[[str, object], None]

VERSIONS = (Version("2024-01", date(2024, 1, 1)), Version("2026-02", date(2026, 2, 16)))
OPENED = date(2026, 3, 2)


def case(**facts: object) -> Informing:
    """A case opened on Monday 2 March 2026, signalled by somebody else than the person."""
    return Informing(**({"opened_on": OPENED} | facts))


# By hand: what is known of the case, the day, where the information stands, until when it is to be given.
TABLE: tuple[tuple[Informing, date, str, date | None], ...] = (
    # Art. 14: one month after the opening, the person not met yet.
    (case(), date(2026, 3, 2), "awaited", date(2026, 4, 2)),
    (case(), date(2026, 4, 1), "awaited", date(2026, 4, 2)),
    (case(), date(2026, 4, 2), "due", date(2026, 4, 2)),
    (case(), date(2026, 4, 3), "due", date(2026, 4, 2)),
    (case(), date(2027, 3, 2), "due", date(2026, 4, 2)),
    # First contact before the month is over.
    (case(contacts=(date(2026, 3, 10),)), date(2026, 3, 9), "awaited", date(2026, 4, 2)),
    (case(contacts=(date(2026, 3, 10),)), date(2026, 3, 10), "due", date(2026, 3, 10)),
    (case(contacts=(date(2026, 3, 10),)), date(2026, 3, 11), "due", date(2026, 3, 10)),
    (case(contacts=(date(2026, 3, 20), date(2026, 3, 12))), date(2026, 3, 25), "due", date(2026, 3, 12)),
    # A contact after the month changes nothing, one before the opening counts on the day it opens.
    (case(contacts=(date(2026, 5, 4),)), date(2026, 5, 5), "due", date(2026, 4, 2)),
    (case(contacts=(date(2026, 2, 20),)), date(2026, 3, 2), "due", date(2026, 3, 2)),
    # Art. 13: the person asked by itself.
    (case(from_person=True), date(2026, 3, 2), "due", date(2026, 3, 2)),
    (case(from_person=True), date(2026, 3, 5), "due", date(2026, 3, 2)),
    # Months are not of one length.
    (case(opened_on=date(2026, 1, 31)), date(2026, 2, 27), "awaited", date(2026, 2, 28)),
    (case(opened_on=date(2026, 1, 31)), date(2026, 2, 28), "due", date(2026, 2, 28)),
    (case(opened_on=date(2028, 1, 30)), date(2028, 2, 28), "awaited", date(2028, 2, 29)),
    (case(opened_on=date(2025, 12, 15)), date(2026, 1, 15), "due", date(2026, 1, 15)),
    # Given: the version in use, an older one while none was newer, an older one since.
    (case(latest="2026-02"), date(2026, 4, 2), "given", None),
    (case(latest="2024-01"), date(2026, 2, 15), "given", None),
    (case(latest="2024-01", opened_on=date(2025, 11, 3)), date(2026, 2, 16), "newer", date(2026, 3, 16)),
    (case(latest="2024-01", opened_on=date(2025, 11, 3)), date(2026, 5, 1), "newer", date(2026, 3, 16)),
    # An old leaflet was handed over although a newer one was there.
    (case(latest="2024-01", contacts=(date(2026, 3, 3),)), date(2026, 3, 3), "newer", date(2026, 4, 2)),
    # Nothing is asked for a case that is over.
    (case(over=True), date(2026, 6, 1), "not_needed", None),
    (case(over=True, latest="2024-01"), date(2026, 6, 1), "not_needed", None),
    (case(over=True, latest="2026-02"), date(2026, 6, 1), "given", None),
)


@pytest.mark.parametrize(("facts", "today", "state", "due_on"), TABLE)
def test_who_is_to_be_informed_on_which_day(facts: Informing, today: date, state: str, due_on: date | None) -> None:
    found = standing(facts, VERSIONS, today)
    assert (found.state.value, found.due_on) == (state, due_on)


def test_the_table_by_hand_is_counted(figure: Figure) -> None:
    assert len(TABLE) >= 20
    figure("notices.table", f"{len(TABLE)} cases by hand")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2024, 1, 29), date(2024, 2, 29)),
        (date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_one_month_after_a_day(day: date, expected: date) -> None:
    assert one_month_after(day) == expected


def test_the_texts_are_whole_and_their_codes_sort_as_their_dates() -> None:
    found = texts.notices()
    assert [notice.code for notice in found] == sorted((notice.code for notice in found), reverse=True)
    for notice in found:
        assert len(notice.sections) == 7, "who, why, basis, recipients, how long, rights, contact"
        assert all(section.text for section in notice.sections)
        assert 5 <= len(notice.short) <= 12


def give(actor: Actor, case_id: str, **values: object) -> None:
    """Record that the notice in use was handed over today."""
    given: dict[str, object] = {
        "notice": texts.notice_in_use(clock.today()).code,
        "given_on": clock.today(),
        "means": NoticeMeans.HANDED,
        "given_by": "Assistante de service social",
    }
    notices.record_notice(actor, case_id, **(given | values))  # type: ignore[arg-type]


def test_which_version_was_given_when_how_by_whom_is_provable(world: World, actor_of: ActorOf) -> None:
    social, case_id = actor_of("a.service_social"), world.case["a.shared"]
    with as_owner():
        proof = add_piece(world, "a.shared", kind=PaperKind.INFORMATION_NOTICE)
    before = case_rights.read_case_rights(social, case_id).sections
    assert before.given == []
    day = clock.today() - timedelta(days=3)
    give(social, case_id, notice="2024-01", given_on=day, means=NoticeMeans.POST, proof=proof)
    give(actor_of("a.coordinateur"), case_id)
    part = case_rights.read_case_rights(actor_of("a.cpam"), case_id).sections
    assert [(row.notice, row.given_on, row.means.value) for row in part.given] == [
        (texts.notices()[0].code, clock.today(), "handed"),
        ("2024-01", day, "post"),
    ]
    assert [row.recorded_by_id for row in part.given] == [world.user["a.coordinateur"], world.user["a.service_social"]]
    assert list(part.proofs.values()) == [proof]
    assert part.standing.state.value == "given"


def test_a_notice_given_is_never_changed_nor_deleted(owner: Database, world: World, actor_of: ActorOf) -> None:
    give(actor_of("a.service_social"), world.case["a.shared"])
    for verb in ("UPDATE notice_given SET notice = 'x'", "DELETE FROM notice_given"):
        with pytest.raises(DBAPIError, match="append-only"), owner.engine.begin() as connection:
            connection.execute(text(verb))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"notice": "1999-01"}, "notice"),
        ({"given_on": date(2999, 1, 1)}, "given_on"),
        ({"notice": "2026-01", "given_on": date(2025, 12, 31)}, "given_on"),
        ({"proof": "inconnue"}, "proof"),
    ],
)
def test_what_could_not_be_proved_is_refused(
    world: World, actor_of: ActorOf, values: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        give(actor_of("a.service_social"), world.case["a.shared"], **values)
    assert list(refused.value.errors) == [field]


def test_partners_neither_record_nor_see_notices(world: World, actor_of: ActorOf) -> None:
    give(actor_of("a.service_social"), world.case["a.shared"])
    partner = actor_of("a.cap_emploi")
    with pytest.raises(Forbidden):
        give(partner, world.case["a.shared"])
    with pytest.raises(NotFound):
        case_rights.read_case_rights(partner, world.case["a.shared"])


def test_a_notice_given_in_another_case_informs_the_person(world: World, actor_of: ActorOf) -> None:
    with as_owner() as session:
        person = session.get_one(Case, world.case_id["a.shared"]).person_id
        session.get_one(Case, world.case_id["a.alone"]).person_id = person
    give(actor_of("a.service_social"), world.case["a.alone"])
    part = case_rights.read_case_rights(actor_of("a.service_social"), world.case["a.shared"]).sections
    assert part.standing.state.value == "given"
    assert len(part.given) == 1


def _awaited(actor: Actor) -> set[str]:
    return {line.case.reference for line in read_worklist(actor).deadlines if "notice" in line.event}


def test_the_worklist_of_the_referent_says_who_is_to_be_informed(world: World, actor_of: ActorOf) -> None:
    social = actor_of("a.service_social")
    with as_owner() as session:
        shared = session.get_one(Case, world.case_id["a.shared"])
        shared.opened_on, reference = clock.today() - timedelta(days=40), shared.reference
    assert reference in _awaited(social)
    assert reference not in _awaited(actor_of("a.service_social_2"))
    assert _awaited(actor_of("a.cpam")) == set()
    give(social, world.case["a.shared"])
    assert reference not in _awaited(social)


def test_who_got_an_older_version_is_told_of_the_new_one(world: World, actor_of: ActorOf, sign_in_as: SignIn) -> None:
    social, case_id = actor_of("a.service_social"), world.case["a.shared"]
    give(social, case_id, notice="2024-01")
    page = sign_in_as("a.service_social").get(f"/dossiers/{case_id}/droits").get_data(as_text=True)
    assert "Une nouvelle version de la notice existe" in page
    assert any("nouvelle version" in line.event for line in read_worklist(social).deadlines)


def test_the_pages_record_a_notice(world: World, sign_in_as: SignIn) -> None:
    client, tab = sign_in_as("a.service_social"), f"/dossiers/{world.case['a.shared']}/droits"
    assert client.get(f"{tab}/notice").status_code == 200
    typed = {"notice": "2026-01", "given_on": "pas une date", "means": "phone", "given_by": "Moi, au téléphone"}
    refused = client.post(f"{tab}/notice", data=typed)
    assert refused.status_code == 422
    assert "Moi, au téléphone" in refused.get_data(as_text=True)
    assert client.post(f"{tab}/notice", data=typed | {"given_on": clock.today().isoformat()}).status_code == 303
    assert "Lue par téléphone" in client.get(tab).get_data(as_text=True)
    with as_owner() as session:
        assert session.scalars(select(NoticeGiven.means)).all() == [NoticeMeans.PHONE]


@pytest.mark.parametrize("form", ["", "?forme=facile"])
def test_the_notice_is_printed_for_everyone_to_read(world: World, sign_in_as: SignIn, form: str) -> None:
    answer = sign_in_as("a.service_social").get(f"/notices/2026-01.pdf{form}")
    assert answer.mimetype == "application/pdf"
    with pikepdf.open(BytesIO(answer.get_data())) as pdf:
        assert str(pdf.Root.Lang).startswith("fr")
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in pdf.Root
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        assert len(pdf.pages) == 1


def test_an_unknown_version_is_not_printed(world: World, sign_in_as: SignIn) -> None:
    assert sign_in_as("a.service_social").get("/notices/1999-01.pdf").status_code == 404
