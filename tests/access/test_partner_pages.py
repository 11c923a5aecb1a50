"""What the pages of a partner hold when only some labels of a case are shared with it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from pdp.audit import service as audit
from pdp.cases import service as cases
from pdp.consent.models import SharingAgreement
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.home import service as home
from pdp.meetings import service as meetings
from pdp.meetings.enums import OpinionCode
from pdp.meetings.models import AgendaItem, CelluleOpinion
from pdp.outcomes import service as outcomes
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests import service as requests
from pdp.requests.enums import RequestStatus
from pdp.requests.rules.workflow import shown_status
from tests.meetings.builders import build_meeting, build_request, results, rule
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
SignIn = Callable[[str], StrictClient]
REQUEST = Label.REQUEST
# A rule about rights to benefits, which no partner reads.
RIGHTS = rule(id="COM-07", verdict="ineligible", facts=["pension.old_age"])


def share(world: World, *labels: Label, case: str = "a.shared") -> None:
    """Make these labels all that is shared of a case."""
    with as_owner() as session:
        agreement = update(SharingAgreement).where(SharingAgreement.case_id == world.case_id[case])
        session.execute(agreement.values(labels=frozenset(labels)))
        audit.record(None, "tests.sharing")


# status, what the reader may read, what is shown.
STATUSES = [
    ("SCHEDULED", {REQUEST}, "SCHEDULED"),
    ("OPINION_GIVEN", {REQUEST}, "OPINION_GIVEN"),
    ("ADJOURNED", {REQUEST}, "OPINION_GIVEN"),
    ("ADJOURNED", {REQUEST, Label.OPINION}, "ADJOURNED"),
    ("REORIENTED", {REQUEST}, "OPINION_GIVEN"),
    ("REORIENTED", {REQUEST, Label.OPINION}, "REORIENTED"),
    ("REFUSED", {REQUEST, Label.OPINION, Label.OUTCOME}, "OPINION_GIVEN"),
    ("REFUSED", {REQUEST, Label.DECISION}, "REFUSED"),
    ("DECIDED", {REQUEST, Label.OPINION}, "OPINION_GIVEN"),
    ("DECIDED", {REQUEST, Label.DECISION}, "DECIDED"),
    ("RUNNING", {REQUEST}, "OPINION_GIVEN"),
    ("RUNNING", {REQUEST, Label.OUTCOME}, "RUNNING"),
    ("ENDED", {REQUEST}, "OPINION_GIVEN"),
    ("WITHDRAWN", {REQUEST}, "WITHDRAWN"),
]


@pytest.mark.parametrize(("status", "readable", "shown"), STATUSES)
def test_a_status_never_tells_an_opinion_or_a_decision_that_is_not_shared(
    status: str, readable: set[Label], shown: str
) -> None:
    assert shown_status(RequestStatus(status), readable).value == shown


def test_the_pages_of_a_request_show_that_status(world: World, actor_of: ActorOf) -> None:
    request = build_request(world, "a.partial", RequestStatus.REFUSED)
    partner = actor_of("a.cap_emploi")
    assert requests.read_request(partner, request).status is RequestStatus.OPINION_GIVEN
    lines, panel = requests.read_case_requests(partner, world.case["a.partial"])
    assert [line.status for line in lines] == [RequestStatus.OPINION_GIVEN]
    assert panel is not None
    assert requests.read_request(actor_of("a.cpam"), request).status is RequestStatus.REFUSED


def test_the_agenda_of_a_partner_shows_the_verdict_of_the_rules_that_it_reads(world: World, actor_of: ActorOf) -> None:
    seance = build_meeting(world, 2, cases=("a.shared", "a.partial"), kept=results(rule(), RIGHTS))
    shown = meetings.read_meeting(actor_of("a.cap_emploi"), seance.meeting).items
    assert [row.verdict for row in shown] == ["eligible", None]
    core = meetings.read_meeting(actor_of("a.coordinateur"), seance.meeting).items
    assert [row.verdict for row in core] == ["ineligible", "ineligible"]


def test_a_partner_that_may_not_read_the_request_knows_of_no_seance(world: World, actor_of: ActorOf) -> None:
    partner = actor_of("a.cap_emploi")
    share(world, Label.IDENTITY, Label.STOPPAGE, Label.AGREEMENTS)
    share(world, Label.IDENTITY, case="a.partial")
    with pytest.raises(NotFound):
        meetings.read_meeting(partner, world.meeting["a.open"])
    with pytest.raises(NotFound):
        meetings.meeting_state(partner, world.meeting["a.open"])
    assert meetings.list_meetings(partner).rows == ()
    worklist = home.read_worklist(partner)
    assert worklist.deadlines == ()
    assert worklist.meeting is None
    assert (worklist.counts.ballots, worklist.counts.actions) == (0, 0)


def test_the_vote_page_tells_a_partner_no_rank(world: World, actor_of: ActorOf) -> None:
    seance = build_meeting(world, 3, cases=("a.alone", "a.alone", "a.shared"), ballots=True)
    mine = meetings.my_ballot(actor_of("a.cap_emploi"), seance.ballots[2])
    assert (mine.rank, mine.total) == (None, None)
    core = meetings.my_ballot(actor_of("a.cpam"), seance.ballots[2])
    assert (core.rank, core.total) == (3, 3)


def test_a_partner_finds_the_opinion_that_is_shared_without_the_outcomes(
    world: World, actor_of: ActorOf, sign_in_as: SignIn
) -> None:
    partner = actor_of("a.cap_emploi")
    share(world, REQUEST, case="a.shared")
    assert "outcomes" not in cases.read_case(partner, world.case["a.shared"], part="summary").tabs
    share(world, REQUEST, Label.OPINION, case="a.shared")
    seance = build_meeting(world)
    with as_owner() as session:
        session.add(
            CelluleOpinion(
                cellule_id=world.cellule["a"],
                item_id=meetings_item(seance.items[0]),
                code=OpinionCode.FAVOURABLE,
                recorded_by_id=world.user["a.coordinateur"],
                recorded_at=clock.now(),
            )
        )
        audit.record(None, "tests.opinion")
    _, followed = outcomes.read_case_outcomes(partner, world.case["a.shared"])
    assert OpinionCode.FAVOURABLE in {line.opinion.code for line in followed if line.opinion}
    assert not any(line.awaited or line.outcomes or line.decision for line in followed)
    page = sign_in_as("a.cap_emploi").get(f"/dossiers/{world.case['a.shared']}/suivi").get_data(as_text=True)
    assert "Avis de la cellule" in page
    assert "Aucune issue" not in page
    assert "Relever" not in page


def meetings_item(public_id: str) -> int:
    """Return the key of an agenda item."""
    return db.session().scalars(select(AgendaItem.id).where(AgendaItem.public_id == public_id)).one()
