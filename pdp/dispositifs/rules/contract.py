"""The eligibility contract of the command line: one JSON object in, one out."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pdp.dispositifs.enums import Dispositif, Doctrine
from pdp.dispositifs.rules.errors import FactError
from pdp.dispositifs.rules.evaluate import evaluate_groups
from pdp.dispositifs.rules.facts import Facts, parse_facts
from pdp.dispositifs.rules.model import RuleSet
from pdp.dispositifs.rules.values import read_date

_DOCUMENT_NAMES = frozenset({"evaluated_on", "doctrine", "facts", "requests"})
_REQUEST_NAMES = frozenset({"dispositif", "facts"})


def assess_all(ruleset: RuleSet, document: object, *, today: date, all_rules: bool = False) -> dict[str, Any]:
    """Answer a whole document: one result per dispositif asked and status group of the person.

    Without `requests` every dispositif is assessed; without `doctrine` the regional one decides; without
    `evaluated_on` the day is `today`. Raises FactError, in French, on anything that is not understood.
    """
    content = _object(document, "Le document", _DOCUMENT_NAMES)
    day = today if content.get("evaluated_on") is None else read_date("« evaluated_on »", content["evaluated_on"])
    doctrine = _doctrine(content.get("doctrine"))
    common = parse_facts(content.get("facts", {}))
    return {
        "results": [
            assessment.to_json(all_rules=all_rules)
            for dispositif, own in _requests(content.get("requests"))
            for assessment in evaluate_groups(
                ruleset, common.overlaid(own), dispositif=dispositif, evaluated_on=day, doctrine=doctrine
            )
        ]
    }


def _requests(raw: object) -> Iterator[tuple[Dispositif, Facts]]:
    if raw is not None and not isinstance(raw, list):
        raise FactError("« requests » : une liste de demandes est attendue.")
    if not raw:
        yield from ((dispositif, Facts()) for dispositif in Dispositif)
        return
    for rank, item in enumerate(raw, start=1):
        request = _object(item, f"La demande {rank}", _REQUEST_NAMES)
        yield _dispositif(request.get("dispositif"), rank), parse_facts(request.get("facts", {}))


def _object(raw: object, name: str, allowed: frozenset[str]) -> Mapping[str, object]:
    if not isinstance(raw, Mapping):
        raise FactError(f"{name} doit être un objet JSON.")
    for key in raw:
        if key not in allowed:
            raise FactError(f"{name} : nom inconnu « {key} ». Noms admis : {', '.join(sorted(allowed))}.")
    return raw


def _dispositif(raw: object, rank: int) -> Dispositif:
    if isinstance(raw, str) and raw in set(Dispositif):
        return Dispositif(raw)
    accepted = ", ".join(Dispositif)
    raise FactError(f"La demande {rank} : dispositif inconnu « {raw} ». Dispositifs admis : {accepted}.")


def _doctrine(raw: object) -> Doctrine:
    if raw is None:
        return Doctrine.REGIONAL
    if isinstance(raw, str) and raw in set(Doctrine):
        return Doctrine(raw)
    raise FactError(f"« doctrine » : valeur inconnue « {raw} ». Valeurs admises : {', '.join(Doctrine)}.")
