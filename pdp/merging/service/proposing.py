"""Say that two records are one person, or that they are not: the first of two steps."""

from collections.abc import Mapping
from dataclasses import dataclass

from pdp.audit import service as audit
from pdp.cases.models import Case, InsuredPerson
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, RuleViolation
from pdp.merging.enums import ProposalState, Side
from pdp.merging.models import MergeProposal
from pdp.merging.queries import proposals, rows
from pdp.merging.queries.candidates import identity_of
from pdp.merging.rules.traits import Identity, compare, disputed, snapshot
from pdp.merging.service.access import case_with_identity, ensure_mergeable, fingerprint
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_STALE = (
    "L’une des deux fiches a changé pendant que vous compariez. "
    "Relisez les traits ci-dessous, puis proposez de nouveau."
)
_ALREADY = "Une proposition attend déjà sur ces deux fiches. Ouvrez-la depuis la page « Fusions »."
_SAME = "Ces deux dossiers sont déjà ceux d’une même personne : il n’y a rien à fusionner."


@dataclass(frozen=True, slots=True)
class _Pair:
    kept_case: Case
    absorbed_case: Case
    kept: InsuredPerson
    absorbed: InsuredPerson

    @property
    def kept_identity(self) -> Identity:
        return identity_of(self.kept)

    @property
    def absorbed_identity(self) -> Identity:
        return identity_of(self.absorbed)


def propose_merge(
    actor: Actor, case_id: str, other_id: str, *, reason: str, version: str, choices: Mapping[str, Side]
) -> str:
    """Propose to keep the person of the first case and to absorb that of the second; return the proposal.

    `choices` says whose value is retained for each field that the two fill differently. Raises `NotFound`,
    `InvalidInput` for a field without a choice, `Conflict` when either record changed since it was compared.
    """
    ensure(actor, Permission.PERSON_COMPARE)
    with db.transaction(actor):
        pair = _two(actor, case_id, other_id, version)
        missing = [name for name in disputed(pair.kept_identity, pair.absorbed_identity) if name not in choices]
        if missing:
            raise InvalidInput({name: ["Choisissez la valeur à conserver."] for name in missing})
        ensure_mergeable(actor.cellule_id, (pair.kept, pair.absorbed))
        proposal = _write(actor, pair, reason, ProposalState.WAITING)
        proposal.choices = {name: side.value for name, side in choices.items()}
        _journal(actor, "person.propose", pair)
        return proposal.public_id


def set_apart(actor: Actor, case_id: str, other_id: str, *, reason: str, version: str) -> None:
    """Say that two records are two persons, so that nobody is asked again. Raises as `propose_merge` does."""
    ensure(actor, Permission.PERSON_COMPARE)
    with db.transaction(actor):
        pair = _two(actor, case_id, other_id, version)
        proposal = _write(actor, pair, reason, ProposalState.DISTINCT)
        proposal.decided_by_id, proposal.decided_at = actor.user_id, clock.now()
        _journal(actor, "person.distinct", pair)


def _two(actor: Actor, case_id: str, other_id: str, version: str) -> _Pair:
    """Return both cases with their persons, locked and as stored now."""
    kept, absorbed = case_with_identity(actor, case_id), case_with_identity(actor, other_id)
    if kept.person_id == absorbed.person_id:
        raise RuleViolation(_SAME)
    people = rows.lock_persons(actor.cellule_id, (kept.person_id, absorbed.person_id))
    # A merge may have moved either case while the locks were waited for.
    if {kept.person_id, absorbed.person_id} != set(people):
        raise Conflict(_STALE)
    pair = _Pair(kept, absorbed, people[kept.person_id], people[absorbed.person_id])
    if fingerprint(pair.kept, pair.absorbed) != version:
        raise Conflict(_STALE)
    said = proposals.list_between(actor, pair.kept.id, pair.absorbed.id)
    if any(row.state is ProposalState.WAITING for row in said):
        raise RuleViolation(_ALREADY)
    return pair


def _write(actor: Actor, pair: _Pair, reason: str, state: ProposalState) -> MergeProposal:
    proposal = MergeProposal(
        cellule_id=actor.cellule_id,
        kept_id=pair.kept.id,
        absorbed_id=pair.absorbed.id,
        kept_case_id=pair.kept_case.id,
        absorbed_case_id=pair.absorbed_case.id,
        choices={},
        traits=snapshot(compare(pair.kept_identity, pair.absorbed_identity)),
        reason=reason,
        fingerprint=fingerprint(pair.kept, pair.absorbed),
        proposed_by_id=actor.user_id,
        proposed_at=clock.now(),
        state=state,
    )
    db.session().add(proposal)
    db.session().flush()
    return proposal


def _journal(actor: Actor, action: str, pair: _Pair) -> None:
    for case in (pair.kept_case, pair.absorbed_case):
        audit.record(actor, action, case_id=case.id, subject=case)
