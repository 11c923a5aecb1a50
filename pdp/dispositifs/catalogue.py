"""The reference data of the dispositifs, read once from `seeds/reference`: their sheets and their rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from pdp.core.resources import data_dir
from pdp.dispositifs.enums import (
    AgreementKind,
    Basis,
    Dispositif,
    DocumentKind,
    Moment,
    RuleDoctrine,
    StatusGroup,
    Verdict,
)
from pdp.dispositifs.rules import Rule, RuleError, RuleSet, check, parse

# Ten times faster where the C library is there; both read plain data only.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EVERY_GROUP = "tous"


@dataclass(frozen=True, slots=True)
class RequiredDocument:
    """A document asked for; `note` says when, in French, if it is not always needed."""

    kind: DocumentKind
    note: str


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a dispositif asks for from one status group, in the order shown.

    `orgs_needed` holds the kinds of partner organisations whose own act is needed.
    """

    agreements: tuple[AgreementKind, ...] = ()
    documents: tuple[RequiredDocument, ...] = ()
    orgs_needed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One dispositif as the cellule knows it."""

    code: Dispositif
    label: str
    short_label: str
    moment: Moment
    decided_by: str
    legal_basis: str
    question: str
    groups: Mapping[StatusGroup, Requirements]

    def requirements(self, group: StatusGroup) -> Requirements:
        """Return what is asked for from a status group; nothing where the dispositif is closed to it."""
        return self.groups.get(group, Requirements())

    def question_for(self, period: str = "") -> str:
        """Return the question put to the vote; `period` is such as « du 9 au 24 mars 2026 », or empty."""
        return self.question.replace("{periode}", f", {period}" if period else "")


@lru_cache(maxsize=1)
def load_ruleset() -> RuleSet:
    """Return all the eligibility rules: the common ones, then those of each dispositif.

    Raises RuleError when a rule is badly written, which the tests exclude for the rules that are shipped.
    """
    folder = data_dir("seeds") / "reference" / "eligibility_rules"
    names = ["commun", *Dispositif]
    rules = tuple(rule for name in names for rule in _read_rules(folder / f"{name}.yaml"))
    repeated = {rule.id for rule in rules if sum(other.id == rule.id for other in rules) > 1}
    if repeated:
        raise RuleError(f"Règles en double : {', '.join(sorted(repeated))}.")
    return RuleSet(rules)


@lru_cache(maxsize=1)
def load_sheets() -> Mapping[Dispositif, Sheet]:
    """Return the sheet of each dispositif, in the order in which they are shown."""
    entries = _read(data_dir("seeds") / "reference" / "dispositifs.yaml")
    return MappingProxyType({Dispositif(entry["code"]): _sheet(entry) for entry in entries})


def sheet(dispositif: Dispositif) -> Sheet:
    """Return the sheet of one dispositif."""
    return load_sheets()[dispositif]


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - both loaders are safe ones


def _read_rules(path: Path) -> list[Rule]:
    content = _read(path)
    code = content["dispositif"]
    dispositif = Dispositif(code) if code else None
    return [_rule(entry, dispositif, content["edition"]) for entry in content["rules"]]


def _rule(entry: dict[str, Any], dispositif: Dispositif | None, edition: str) -> Rule:
    need = parse(entry["need"])
    check(need)
    return Rule(
        id=entry["id"],
        dispositif=dispositif,
        group=None if entry["group"] == _EVERY_GROUP else StatusGroup(entry["group"]),
        need=need,
        fail=Verdict(entry["fail"]),
        unknown=Verdict(entry["unknown"]),
        reason=entry["reason"],
        source=entry["source"],
        basis=Basis(entry["basis"]),
        doctrine=RuleDoctrine(entry["doctrine"]),
        valid_from=entry["valid_from"],
        valid_to=entry["valid_to"],
        edition=edition,
    )


def _sheet(entry: dict[str, Any]) -> Sheet:
    groups = {StatusGroup(name): _requirements(content) for name, content in entry["groups"].items()}
    return Sheet(
        code=Dispositif(entry["code"]),
        label=entry["label"],
        short_label=entry["short_label"],
        moment=Moment(entry["moment"]),
        decided_by=entry["decided_by"],
        legal_basis=entry["legal_basis"],
        question=entry["question"],
        groups=MappingProxyType(groups),
    )


def _requirements(content: dict[str, Any]) -> Requirements:
    return Requirements(
        agreements=tuple(AgreementKind(code) for code in content["agreements"]),
        documents=tuple(
            RequiredDocument(DocumentKind(each["code"]), each.get("note", "")) for each in content["documents"]
        ),
        orgs_needed=tuple(content["orgs_needed"]),
    )
