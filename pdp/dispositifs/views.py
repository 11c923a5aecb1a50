"""The simulator and the catalogue of rules: no case, nothing stored, nothing journaled."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from marshmallow import ValidationError

from pdp.accounts import queries as account_queries
from pdp.core import clock, db
from pdp.dispositifs.catalogue import Sheet, load_ruleset, load_sheets
from pdp.dispositifs.enums import Cause, Dispositif, Doctrine, StatusGroup, Verdict
from pdp.dispositifs.rules import Assessment, Rule, RuleResult, evaluate, render, undecided_sentence
from pdp.dispositifs.rules import simulation as forms
from pdp.dispositifs.rules.profiles import PROFILES, find_profile
from pdp.dispositifs.rules.simulation import Described, described_facts
from pdp.dispositifs.schemas import FilterInput, SituationInput, describe, raw_values
from pdp.policy.permissions import Permission
from pdp.web.forms import Form
from pdp.web.guards import current_actor, requires

bp = Blueprint("dispositifs", __name__)

_LABELS = {
    "salarie": "Statut",
    "salarie_statut": "Salarié",
    "ti_statut": "Travailleur indépendant",
    "arret_debut": "Début de l’arrêt",
    "arret_fin": "Fin prescrite de l’arrêt",
    "mesure_debut": "Début de la mesure",
    "mesure_fin": "Fin de la mesure",
}

_STATUSES = {
    "salarie": [(status.name, status.label) for status in forms.EMPLOYEES],
    "ti": [(status.name, status.label) for status in forms.SELF_EMPLOYED],
}


@dataclass(frozen=True, slots=True)
class Row:
    """A dispositif and its answer for each status."""

    sheet: Sheet
    answers: tuple[Assessment, ...]


@bp.get("/simulateur")
@requires(Permission.RULES_READ)
def simulator() -> str | tuple[str, int]:
    """Answer a situation described in the address, dispositif by dispositif, each status apart."""
    profile = find_profile(request.args.get("profil", ""))
    if profile:
        described = profile.describe(clock.today())
        return _simulator_page(Form(raw_values(described)), described, profile.code)
    if not request.args:
        return _simulator_page(Form({}), None, "")
    try:
        values = SituationInput().load(request.args)
    except ValidationError as error:
        return _simulator_page(Form(request.args, _messages(error)), None, ""), 422
    return _simulator_page(Form(request.args), describe(values, request.args), "")


@bp.get("/regles")
@requires(Permission.RULES_READ)
def rules_page() -> str | tuple[str, int]:
    """List the eligibility rules with their sources and validity, by dispositif and status."""
    try:
        wanted = FilterInput().load(request.args)
    except ValidationError:
        return render_template("dispositifs/rules.html", **_catalogue(None, None), unknown=True), 422
    return render_template("dispositifs/rules.html", **_catalogue(**wanted), unknown=False)


@bp.app_template_filter()
def undecided(result: RuleResult) -> str:
    """Say which facts a rule waits for when they are not known; empty otherwise, its reason is then the sentence."""
    waits = result.cause is Cause.UNKNOWN and result.verdict is not Verdict.PIECE_MANQUANTE
    return undecided_sentence(result) if waits else ""


def _messages(error: ValidationError) -> dict[str, list[str]]:
    return {str(name): [str(sentence) for sentence in found] for name, found in error.messages_dict.items()}


def _simulator_page(form: Form, described: Described | None, profile: str) -> str:
    doctrine = _doctrine()
    return render_template(
        "dispositifs/simulator.html",
        form=form,
        labels=_LABELS,
        questions=forms,
        profiles=PROFILES,
        profile=profile,
        described=described,
        rows=_answers(described, doctrine) if described else (),
        doctrine=doctrine,
        statuses=_STATUSES,
    )


def _answers(described: Described, doctrine: Doctrine) -> list[Row]:
    return [
        Row(sheet, tuple(_assess(described, sheet, group, doctrine) for group in described.groups))
        for sheet in load_sheets().values()
    ]


def _assess(described: Described, sheet: Sheet, group: StatusGroup, doctrine: Doctrine) -> Assessment:
    facts = described_facts(described, sheet.code, group, sheet.requirements(group).orgs_needed)
    return evaluate(
        load_ruleset(),
        facts,
        dispositif=sheet.code,
        group=group,
        evaluated_on=clock.today(),
        doctrine=doctrine,
    )


def _doctrine() -> Doctrine:
    actor = current_actor()
    with db.reading(actor):
        return Doctrine(account_queries.governance(actor.cellule_id, clock.today()).doctrine)


def _catalogue(dispositif: Dispositif | None, statut: StatusGroup | None) -> dict[str, object]:
    rules = [rule for rule in load_ruleset().rules if statut is None or rule.group in (None, statut)]
    sections: list[tuple[Sheet | None, list[Rule]]] = [(None, [r for r in rules if r.dispositif is None])]
    for sheet in load_sheets().values():
        if dispositif in (None, sheet.code):
            sections.append((sheet, [rule for rule in rules if rule.dispositif is sheet.code]))
    return {
        "sections": [(sheet, found) for sheet, found in sections if found],
        "count": sum(len(found) for _, found in sections),
        "total": len(load_ruleset().rules),
        "options": [(sheet.code.value, sheet.label) for sheet in load_sheets().values()],
        "dispositif": dispositif,
        "statut": statut,
        "doctrine": _doctrine(),
        "version": load_ruleset().version,
        "condition": lambda rule: render(rule.need),
    }
