"""Every address that a partner may ask for, or post to, about the shared case, and what tells that it exists."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from pdp.minutes import service as minutes
from pdp.policy.actor import Actor
from pdp.policy.permissions import GRANTS, Permission
from pdp.policy.roles import Role
from pdp.web import guards
from tests.access.places import parameters
from tests.support.client import StrictClient
from tests.support.world import World

# An answer with any of these words tells that the case exists.
WORDS = ("NomShared", "PrénomShared", "2026-0002")
OF_THE_CASE = frozenset({"case_id", "request_id", "item_id", "ballot_id", "action_id", "version_id", "document_id"})
# The page repeats what was searched: these words find the case without being any of the above.
SEARCHES = ("/dossiers?q=nomshared", "/dossiers?q=2026-000", "/dossiers?etape=open", "/seances?passees=1")


@dataclass(frozen=True)
class Paths:
    """Every address that a partner may ask for, and every one that it may post to, about the shared case."""

    reads: tuple[str, ...]
    writes: tuple[str, ...]


def paths_of(app: Flask, values: dict[str, str]) -> Paths:
    """Return the addresses that these values of parameters make."""
    with app.test_request_context():
        build = app.url_map.bind("localhost").build

        def path(rule: Rule) -> str:
            return build(rule.endpoint, {name: values[name] for name in rule.arguments})

        reads = [path(rule) for rule in _rules(app, "GET")]
        held = [path(rule) for rule in _rules(app, "GET") if "meeting_id" in rule.arguments]
        writes = [path(rule) for rule in _rules(app, "POST") if rule.arguments & OF_THE_CASE]
    return Paths((*reads, *held, *SEARCHES), tuple(writes))


def both(first: Paths, second: Paths) -> Paths:
    """Return the addresses of two sets, each once, in order."""
    return Paths(tuple(sorted({*first.reads, *second.reads})), tuple(sorted({*first.writes, *second.writes})))


def tells(client: StrictClient, path: str) -> bool:
    """Tell whether an answer lets its reader know that the case exists, or is a file."""
    answer = client.get(path)
    assert answer.status_code < 500, path
    file = "attachment" in answer.headers.get("Content-Disposition", "")
    return file or any(word in answer.get_data(as_text=True) for word in WORDS)


def values_of(world: World, partner: Actor, meeting: str) -> dict[str, str]:
    """Return the values of the parameters, with the partner's version of the minutes of a séance held."""
    version = minutes.read_minutes(partner, meeting).versions[0].public_id
    return parameters(world) | {"version_id": version}


def _rules(app: Flask, method: str) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        stamp = guards.access_of(app, rule.endpoint)
        open_to_all = stamp == guards.PUBLIC or rule.endpoint in {"static", "accounts.sign_out"}
        if method not in (rule.methods or set()) or open_to_all:
            continue
        if Role.CAP_EMPLOI in GRANTS[Permission(str(stamp))]:
            yield rule
