"""The measures granted: their convention signed, their first day, and the report of the one that is over."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from typing import Any

from pdp.core import clock
from pdp.core.calendar import subtract_working_days
from pdp.demo.people import People, seed
from pdp.measures import service
from pdp.measures.enums import Achievement, Objective, Signer
from pdp.policy.actor import Actor


def follow_measures(people: People, asked: Mapping[str, str]) -> None:
    """Follow each measure from its convention on, each act on its day."""
    for script in seed("measures"):
        _follow(people.actor(script["by"]), asked[script["request"]], script)


def _follow(actor: Actor, request: str, script: Mapping[str, Any]) -> None:
    start, end = service.read_measure(actor, request).asked
    if start is None or end is None:
        raise ValueError("a measure of the demo is asked for with its period")
    with _on(subtract_working_days(start, 1)):
        service.plan(actor, request, version=_version(actor, request), starts_on=start, ends_on=end)
        service.write_convention(actor, request, version=_version(actor, request))
        for signer in script["signers"]:
            version, today = _version(actor, request), clock.today()
            service.sign(actor, request, version=version, signer=Signer(signer), on=today)
    with _on(start):
        service.start(actor, request, version=_version(actor, request), on=start)
    if "report" in script:
        results = {Objective(name): Achievement(found) for name, found in script["report"].items()}
        with _on(end):
            service.end(actor, request, version=_version(actor, request), on=end, results=results)


def _on(day: date) -> AbstractContextManager[None]:
    return clock.acting_at(datetime.combine(day, time(17), tzinfo=clock.PARIS))


def _version(actor: Actor, request: str) -> int:
    return service.read_measure(actor, request).version
