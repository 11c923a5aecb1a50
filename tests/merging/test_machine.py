"""Any walk of proposals, decisions, undoings, openings, edits and notes loses and mixes nothing."""

import random
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import select

from pdp.cases import service as cases
from pdp.cases.enums import SignalSource, Stage
from pdp.cases.models import Case, CaseNote, InsuredPerson
from pdp.cases.rules.search import search_key
from pdp.core.errors import Conflict, RuleViolation
from pdp.merging import service
from pdp.merging.enums import Side
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from tests.merging.builders import NIR, OTHER_NIR, add_record
from tests.merging.machine import CONTENT, Model
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
_ACTS = ("propose", "propose", "confirm", "confirm", "refuse", "undo", "undo", "open", "edit", "edit", "note")
EXAMPLES, STEPS = 12, 14
_numbers = count()
_done = {"walks": 0, "acts": 0, "merges": 0, "undone": 0}


class Walk:
    """One walk over a few records, the model beside the product."""

    def __init__(self, world: World, actor_of: ActorOf, draw: random.Random) -> None:
        self.world, self.draw, self.model = world, draw, Model()
        self.social, self.manager = actor_of("a.service_social"), actor_of("a.manager")
        self.secretary = actor_of("a.coordinateur")
        self.waiting: list[tuple[str, int, int, dict[str, Side]]] = []
        self.public: dict[int, str] = {}
        number = next(_numbers)
        for place, nir in enumerate((NIR, None, OTHER_NIR)):
            record = add_record(
                world,
                f"Lefèvre{number}" if place else f"Lefevre{number}",
                "Anne",
                date(1980, 3, 5),
                town=("Albi", "", "Castres")[place],
                phone=("", "0563000001", "0563000002")[place],
                nir=None if nir is None else nir,
                nir_index=None if nir is None else f"{number}-{place}",
            )
            self.model.owner[record.case_id] = record.person
            self.model.notes[record.case_id] = []
            self.public[record.case_id] = record.case
            self.model.values[record.person] = stored_values(record.person)

    def step(self, act: str) -> None:
        """Do one act on both sides; a refusal must leave the product as it was."""
        try:
            getattr(self, act)()
            _done["acts"] += 1
        except (RuleViolation, Conflict):
            pass
        self.check()

    def propose(self) -> None:
        if len(self.free()) < 2:
            return
        one, other = (self.case_of(person) for person in self.draw.sample(sorted(self.free()), 2))
        page = service.read_comparison(self.social, self.public[one], self.public[other])
        choices = {choice.name: self.draw.choice(list(Side)) for choice in page.choices}
        public_id = service.propose_merge(
            self.social, self.public[one], self.public[other], reason="m", version=page.version, choices=choices
        )
        self.waiting.append((public_id, self.model.owner[one], self.model.owner[other], choices))

    def confirm(self) -> None:
        if not self.waiting:
            return
        public_id, kept, gone, choices = self.draw.choice(self.waiting)
        service.confirm_merge(self.draw.choice([self.manager, self.secretary]), public_id)
        self.waiting = [row for row in self.waiting if row[0] != public_id]
        before, other = dict(self.model.values[kept]), dict(self.model.values[gone])
        self.model.merge(public_id, kept, gone)
        after = self.model.values[kept]
        for name in CONTENT[:7]:
            both = before[name] and other[name]
            if (both and choices.get(name) is Side.ABSORBED) or not before[name]:
                after[name] = other[name]
        after["search_key"] = search_key(after["family_name"], after["given_name"])
        indexes = {before["nir"]: before["nir_index"], other["nir"]: other["nir_index"]}
        after["nir_index"] = indexes[after["nir"]] if after["nir"] else None
        self.model.values[gone]["nir_index"] = None
        _done["merges"] += 1

    def refuse(self) -> None:
        if self.waiting:
            public_id = self.draw.choice(self.waiting)[0]
            service.refuse_merge(self.manager, public_id, reason="non")
            self.waiting = [row for row in self.waiting if row[0] != public_id]

    def undo(self) -> None:
        if not self.model.merges:
            return
        merge = self.draw.choice(self.model.merges)
        page = service.prepare_undo(self.manager, merge["key"])
        chosen = [row[0] for row in page.cases if self.draw.random() < 0.5]
        service.undo_merge(self.manager, merge["key"], reason="deux", returning=chosen)
        self.model.undo(merge, [case for case, public in self.public.items() if public in chosen])
        if {"family_name", "given_name"} & merge["edited"]:
            kept = self.model.values[merge["kept"]]
            kept["search_key"] = search_key(kept["family_name"], kept["given_name"])
        _done["undone"] += 1

    def open(self) -> None:
        case = self.draw.choice(sorted(self.public))
        with as_owner() as session:
            for each in session.scalars(select(Case).where(Case.person_id == self.model.owner[case])):
                each.stage = Stage.CLOSED
        try:
            public_id = cases.open_case(
                self.social,
                family_name="Autre",
                given_name="Nom",
                birth_date=date(1980, 3, 5),
                source=SignalSource.MEDICAL_ADVISER,
                same_as=self.public[case],
            )
        finally:
            with as_owner() as session:
                for each in session.scalars(select(Case).where(Case.person_id == self.model.owner[case])):
                    each.stage = Stage.OPEN
        with as_owner() as session:
            new = session.scalars(select(Case).where(Case.public_id == public_id)).one()
            new.stage, new.referent_user_id = Stage.OPEN, self.social.user_id
        self.model.owner[new.id], self.public[new.id] = self.model.owner[case], public_id
        self.model.notes[new.id] = []

    def edit(self) -> None:
        case = self.draw.choice(sorted(self.public))
        person = self.model.owner[case]
        name, value = self.draw.choice(
            [("town", f"Ville{self.draw.randrange(99)}"), ("given_name", f"Anne{self.draw.choice('abc')}")]
        )
        values = {key: self.model.values[person][key] for key in CONTENT[:6]} | {name: value}
        changed = self.model.values[person][name] != value
        version = cases.read_block(self.social, self.public[case], "identite").version
        cases.edit_block(self.social, self.public[case], "identite", version=version, **values)
        if changed:
            self.model.edit(person, name, value)
            self.model.values[person]["search_key"] = search_key(values["family_name"], values["given_name"])

    def note(self) -> None:
        case = self.draw.choice(sorted(self.public))
        text = f"note {self.draw.randrange(10**6)}"
        cases.add_note(self.social, self.public[case], label=Label.PLAN, text=text)
        self.model.notes[case].append(text)

    def free(self) -> set[int]:
        return set(self.model.owner.values())

    def case_of(self, person: int) -> int:
        return self.draw.choice(sorted(case for case, owner in self.model.owner.items() if owner == person))

    def check(self) -> None:
        """Compare everything that the model knows of with what is stored."""
        with as_owner() as session:
            owners = session.execute(select(Case.id, Case.person_id).where(Case.id.in_(self.public))).all()
            notes = session.scalars(
                select(CaseNote).where(CaseNote.case_id.in_(self.public)).order_by(CaseNote.id)
            ).all()
            texts: dict[int, list[str]] = {case: [] for case in self.public}
            for each in notes:
                texts[each.case_id].append(str(each.text))
        assert {row.id: row.person_id for row in owners} == self.model.owner
        assert texts == self.model.notes
        assert {person: stored_values(person) for person in self.model.values} == self.model.values


def stored_values(person_id: int) -> dict[str, Any]:
    with as_owner() as session:
        person = session.get_one(InsuredPerson, person_id)
        return {name: plain(getattr(person, name)) for name in CONTENT}


def plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def test_any_walk_loses_and_mixes_nothing(
    world: World, actor_of: ActorOf, figure: Callable[[str, object], None], engine_name: str
) -> None:
    _done.update(dict.fromkeys(_done, 0))

    @seed(20260302)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(st.integers(0, 2**32), st.lists(st.sampled_from(_ACTS), min_size=STEPS, max_size=STEPS))
    def walk(number: int, acts: list[str]) -> None:
        path = Walk(world, actor_of, random.Random(number))
        for act in ("propose", "confirm", *acts):
            path.step(act)
        for merge in reversed(list(path.model.merges)):
            service.undo_merge(path.manager, merge["key"], reason="fin")
            path.model.undo(merge, [])
            if {"family_name", "given_name"} & merge["edited"]:
                kept = path.model.values[merge["kept"]]
                kept["search_key"] = search_key(kept["family_name"], kept["given_name"])
            _done["undone"] += 1
            path.check()
        _done["walks"] += 1

    walk()
    assert _done["merges"] >= EXAMPLES
    assert _done["undone"] == _done["merges"]
    figure(
        "merging.machine",
        f"0 lost or mixed items in {_done['acts']} acts of {_done['walks']} walks on {engine_name}: "
        f"{_done['merges']} merges, each undone",
    )
