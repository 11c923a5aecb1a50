"""The health of the service: what is late is said in words, nobody is named, the command says it by its exit code."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from pdp import scheduler
from pdp.core import clock
from pdp.operations import commands, registry
from pdp.operations.registry import Job
from pdp.operations.rules import every
from pdp.operations.service import slots
from tests.notifications import builders
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]


def follow() -> None:
    for job in scheduler.JOBS:
        slots.take(job, "host:1")


def test_without_a_scheduler_the_page_says_that_nothing_runs(world: World, sign_in_as: SignIn) -> None:
    page = sign_in_as("a.admin").get("/sante-du-service").text
    assert "Aucun planificateur ne tourne" in page
    assert page.count("Jamais suivi") == len(scheduler.JOBS)


def test_a_service_that_does_well_says_so(world: World, sign_in_as: SignIn) -> None:
    slots.lead("host:1")
    follow()
    page = sign_in_as("a.admin").get("/sante-du-service").text
    assert "Tout passe à l’heure" in page
    assert "host:1, depuis le" in page
    assert page.count("À l’heure") == len(scheduler.JOBS)


def test_a_job_that_is_late_and_one_that_failed_are_told_apart(world: World, sign_in_as: SignIn) -> None:
    def fail() -> None:
        raise RuntimeError("a word that no page shows")

    with clock.acting_at(clock.now() - timedelta(minutes=20)):
        follow()
    slots.run_owed(Job("notifications.deliver", "Envoi", every(1), fail), "host:1")
    slots.lead("host:1")
    page = sign_in_as("a.admin").get("/sante-du-service").text
    assert "En échec" in page
    assert "En retard" in page
    assert "attendu le" in page
    assert "a word that no page shows" not in page
    assert "Tout passe à l’heure" not in page


def test_only_the_administration_sees_it(world: World, sign_in_as: SignIn) -> None:
    for name in ("a.coordinateur", "a.cap_emploi", "a.dpo"):
        assert sign_in_as(name).get("/sante-du-service").status_code in {403, 404}


def test_mails_that_wait_are_counted_over_every_cellule_and_name_nobody(world: World, sign_in_as: SignIn) -> None:
    with clock.acting_at(clock.now() - timedelta(hours=2)), as_owner():
        for key in ("a", "b"):
            builders.add(world, key)
    page = sign_in_as("a.admin").get("/sante-du-service").text.split("<main")[1]
    assert "Des courriels attendent depuis plus d’une heure" in page
    assert "6, le plus ancien depuis le" in page
    assert "@example.org" not in page


def test_the_page_asks_as_much_for_few_slots_as_for_many(
    world: World, sign_in_as: SignIn, count_queries: Callable[[], Any]
) -> None:
    client, counts = sign_in_as("a.admin"), []
    for days in (3, 1):
        with clock.acting_at(clock.now() - timedelta(days=days)):
            for job in scheduler.JOBS:
                slots.run_owed(Job(job.name, job.label, job.cadence, lambda: None), "host:1")
        with count_queries() as seen:
            client.get("/sante-du-service")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_command_says_what_is_late_by_its_exit_code(world: World) -> None:
    registry.install(scheduler.JOBS)
    said: list[str] = []
    assert commands.status(said.append) == 1
    assert said[0] == "leader: none, no job runs"
    slots.lead("host:1")
    follow()
    said.clear()
    assert commands.status(said.append) == 0
    assert said[0].startswith("leader: host:1 since ")
    assert len(said) == len(scheduler.JOBS) + 3
    with clock.acting_at(clock.now() + timedelta(minutes=10)):
        slots.renew("host:1")
        assert commands.status(said.append) == 1
    assert any(line.startswith("late     notifications.deliver") for line in said)
