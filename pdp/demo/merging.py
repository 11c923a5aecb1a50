"""A record of the demo that may be a double, and two records merged a few days ago."""

from collections.abc import Mapping
from datetime import date

from pdp.cases import service as cases
from pdp.cases.enums import SignalSource
from pdp.cases.models import Case, InsuredPerson
from pdp.core import clock, db
from pdp.demo.moments import Moments
from pdp.demo.people import People
from pdp.merging import service
from pdp.merging.enums import Side
from pdp.policy.actor import Actor

# Whose record was entered twice, and under which name the second time.
_DOUBLE, _MERGED = ("karine", "Ambroise", "Carine"), ("samira", "Hadad", "Samira")


def enter_people_twice(people: People, moments: Moments, stories: Mapping[str, Case]) -> None:
    """Open two cases under a name nearly known; merge the second, as two people do."""
    with clock.acting_at(moments.at(-9, 10)):
        _open_again(people, stories, _DOUBLE, "Albi")
        merged = _open_again(people, stories, _MERGED, "")
    proposer, decider = people.actor("sophie"), people.actor("helene")
    kept = stories[_MERGED[0]].public_id
    with clock.acting_at(moments.at(-8, 11)):
        page = service.read_comparison(proposer, kept, merged)
        proposal = service.propose_merge(
            proposer,
            kept,
            merged,
            reason="La personne confirme n’avoir qu’une fiche et a présenté sa carte d’identité.",
            version=page.version,
            choices={choice.name: Side.KEPT for choice in page.choices},
        )
    with clock.acting_at(moments.at(-7, 15)):
        service.confirm_merge(decider, proposal)


def _open_again(people: People, stories: Mapping[str, Case], entry: tuple[str, str, str], town: str) -> str:
    key, family_name, given_name = entry
    actor = people.actor("nadia")
    return cases.open_case(
        actor,
        family_name=family_name,
        given_name=given_name,
        birth_date=_born(actor, stories[key]),
        source=SignalSource.SPST,
        town=town,
        phone="",
        signal_reason="Signalé une seconde fois, par un autre service.",
    )


def _born(actor: Actor, case: Case) -> date:
    with db.reading(actor) as session:
        return session.get_one(InsuredPerson, case.person_id).birth_date
