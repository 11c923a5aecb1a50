"""How many statements the list and the pages of a case run: the same for five rows as for fifty."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from pdp.cases import queries, service
from pdp.cases.enums import EncounterKind, SignalSource, StoppageOrigin, TriState
from pdp.core import clock
from pdp.dispositifs.enums import PersonStatus
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from tests.support.client import StrictClient
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
ActorOf = Callable[[str], Actor]
Counting = Callable[[], Any]

# Page of rows, activities, arrêts, counts by stage, and the four statements of the watch and the journal.
LIST_SERVICE = 8
# The case with its person and referent, its agreements, activities, arrêts, encounters, what the person
# contests, whether they were informed, then the four statements of the watch and the journal.
CASE_SERVICE = 11
# Besides, each page finds the session and its person, the memberships, and counts the unread notices.
SIGNED_IN = 3


def _open(actor: Actor, count: int) -> str:
    case_id = ""
    for number in range(count):
        case_id = service.open_case(
            actor,
            family_name=f"Nom{number}",
            given_name="Prénom",
            birth_date=date(1980, 1, 1),
            source=SignalSource.SELF,
            activity_status=PersonStatus.SE_CRAFT,
            stoppage_starts_on=clock.today(),
            stoppage_prescribed_end=clock.today() + timedelta(days=9),
            stoppage_origin=StoppageOrigin.ILLNESS,
            take_charge=True,
        )
    return case_id


def test_the_list_runs_as_many_statements_for_fifty_rows_as_for_five(
    world: World, actor_of: ActorOf, count_queries: Counting, figure: Callable[[str, object], None]
) -> None:
    actor, counted = actor_of("b.service_social"), []
    for more in (0, 50):
        _open(actor, more)
        with count_queries() as seen:
            page = service.list_cases(actor, queries.CaseFilters())
        counted.append((len(page.rows), len(seen)))
    assert counted == [(8, LIST_SERVICE), (50, LIST_SERVICE)]
    figure("cases.list.queries", f"{LIST_SERVICE} statements for 5 rows as for 50")


def test_the_partner_s_list_costs_no_more(world: World, actor_of: ActorOf, count_queries: Counting) -> None:
    with count_queries() as seen:
        service.list_cases(actor_of("a.cap_emploi"), queries.CaseFilters())
    assert len(seen) <= LIST_SERVICE + 1


@pytest.mark.parametrize("rest", ["", "/partage", "/accompagnement", "/journal"])
def test_a_case_page_costs_the_same_however_full_the_case_is(
    rest: str,
    world: World,
    actor_of: ActorOf,
    sign_in_as: SignIn,
    count_queries: Counting,
    figure: Callable[[str, object], None],
) -> None:
    actor, client, counted = actor_of("a.service_social"), sign_in_as("a.service_social"), []
    case_id = _open(actor, 1)
    for more in (0, 12):
        _fill(actor, case_id, more)
        with count_queries() as seen:
            assert client.get(f"/dossiers/{case_id}{rest}").status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]
    # Every tab loads what the person contests; the sharing has most of its own.
    assert counted[0] <= 13 + SIGNED_IN
    if rest == "":
        assert counted[0] == CASE_SERVICE + SIGNED_IN
    figure("cases.page.queries", f"{rest or '/'} {counted[0]} statements")


def _fill(actor: Actor, case_id: str, count: int) -> None:
    for number in range(count):
        day = clock.today() - timedelta(days=30 * number)
        service.save_row(actor, case_id, "rencontre", kind=EncounterKind.LIAISON, happens_on=day)
        service.save_row(
            actor,
            case_id,
            "arret",
            starts_on=day - timedelta(days=200),
            prescribed_end=day - timedelta(days=190),
            ended_on=None,
            origin=StoppageOrigin.ILLNESS,
            indemnified=TriState.YES,
            full_time=True,
            status_group=None,
        )
        service.add_note(actor, case_id, label=Label.PLAN, text="Une ligne")
