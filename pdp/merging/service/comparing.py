"""Look for possible duplicates and compare two records: readings, each with its entry."""

from dataclasses import dataclass
from datetime import date

from pdp.audit import service as audit
from pdp.cases.rules.view import CaseView
from pdp.cases.service import view_of
from pdp.core import db
from pdp.core.errors import RuleViolation
from pdp.merging.enums import ProposalState
from pdp.merging.queries import candidates, proposals
from pdp.merging.queries.candidates import SeenPerson, identity_of
from pdp.merging.rules.traits import FIELD_NAMES, Identity, TraitLine, alarms, compare, deserves_a_look, disputed
from pdp.merging.service.access import case_with_identity, fingerprint
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_SAME = "Ces deux dossiers sont déjà ceux d’une même personne\u00a0: il n’y a rien à fusionner."


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another record, through one case of it, compared with the one looked at."""

    case_public_id: str
    reference: str
    name: str
    lines: tuple[TraitLine, ...]
    alarms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """A case, and the records that may be the same person."""

    case: CaseView
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person, each through one case."""

    left: SeenPerson
    right: SeenPerson
    lines: tuple[TraitLine, ...]
    alarms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DuplicatePage:
    """A page of pairs; `next` is the key of the following one."""

    pairs: tuple[Pair, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that both records fill differently; the values of a number are never shown."""

    name: str
    label: str
    kept: str
    absorbed: str


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """Two records side by side: the first would be kept, the second absorbed."""

    case: CaseView
    other: CaseView
    lines: tuple[TraitLine, ...]
    alarms: tuple[str, ...]
    choices: tuple[Choice, ...]
    version: str
    # The states of what was already said of the two.
    said: tuple[ProposalState, ...]
    waiting: str | None


def list_duplicates(actor: Actor, after: str | None = None) -> DuplicatePage:
    """List the pairs of the cellule that deserve a look, newest records first."""
    ensure(actor, Permission.PERSON_MERGE)
    with db.transaction(actor):
        found = candidates.list_pairs(actor, _pair_key(after))
        pairs = tuple(_pair(*pair) for pair in found if deserves_a_look(pair[0].identity, pair[1].identity))
        audit.record(actor, "person.duplicates", count=len(pairs))
    last = found[-1] if len(found) == candidates.WINDOW else None
    return DuplicatePage(pairs, f"{last[1].person_public_id}.{last[0].person_public_id}" if last else None)


def list_candidates(actor: Actor, case_id: str) -> CandidatePage:
    """List the records that may be the person of a case. Raises `NotFound`."""
    ensure(actor, Permission.PERSON_COMPARE)
    with db.transaction(actor):
        case = case_with_identity(actor, case_id)
        own = identity_of(case.person)
        near = candidates.list_near(actor, own.family_name, own.given_name, own.birth_date, without=case.person_id)
        found = tuple(_candidate(own, person) for person in near if deserves_a_look(own, person.identity))
        audit.record(actor, "person.candidates", case_id=case.id, subject=case, count=len(found))
        return CandidatePage(view_of(actor, case), found)


def find_homonyms(actor: Actor, family_name: str, given_name: str, birth_date: date) -> tuple[Candidate, ...]:
    """Return the records that may be a person about to be recorded, before a case is opened for them."""
    ensure(actor, Permission.CASE_OPEN)
    typed = Identity(family_name, given_name, birth_date)
    with db.transaction(actor):
        near = candidates.list_near(actor, family_name, given_name, birth_date)
        found = tuple(_candidate(typed, person) for person in near if deserves_a_look(typed, person.identity))
        audit.record(actor, "person.homonyms", count=len(found))
    return found


def read_comparison(actor: Actor, case_id: str, other_id: str) -> ComparisonPage:
    """Compare the persons of two cases. Raises `NotFound`, `RuleViolation` when they are one already."""
    ensure(actor, Permission.PERSON_COMPARE)
    with db.transaction(actor):
        case, other = case_with_identity(actor, case_id), case_with_identity(actor, other_id)
        if case.person_id == other.person_id:
            raise RuleViolation(_SAME)
        kept, absorbed = identity_of(case.person), identity_of(other.person)
        said = proposals.list_between(actor, case.person_id, other.person_id)
        for each in (case, other):
            audit.record(actor, "person.compare", case_id=each.id, subject=each)
        lines = compare(kept, absorbed)
        waiting = next((row.public_id for row in said if row.state is ProposalState.WAITING), None)
        return ComparisonPage(
            case=view_of(actor, case),
            other=view_of(actor, other),
            lines=lines,
            alarms=alarms(lines),
            choices=tuple(_choice(name, kept, absorbed) for name in disputed(kept, absorbed)),
            version=fingerprint(case.person, other.person),
            said=tuple(row.state for row in said),
            waiting=waiting,
        )


def _pair_key(after: str | None) -> tuple[str, str] | None:
    newer, dot, older = (after or "").partition(".")
    return (newer, older) if dot else None


def _pair(left: SeenPerson, right: SeenPerson) -> Pair:
    lines = compare(left.identity, right.identity)
    return Pair(left, right, lines, alarms(lines))


def _candidate(own: Identity, person: SeenPerson) -> Candidate:
    lines = compare(own, person.identity)
    name = f"{person.identity.given_name} {person.identity.family_name}"
    return Candidate(person.case_public_id, person.reference, name, lines, alarms(lines))


def _choice(name: str, kept: Identity, absorbed: Identity) -> Choice:
    if name == "nir":
        return Choice(name, FIELD_NAMES[name], "Le numéro de la fiche conservée", "Le numéro de la fiche rattachée")
    return Choice(name, FIELD_NAMES[name], _words(getattr(kept, name)), _words(getattr(absorbed, name)))


def _words(value: str | date) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value
