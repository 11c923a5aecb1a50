"""A situation described without name or number: from the answers of the simulator's form to facts.

What is left on « ? » stays unknown. Nothing here is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pdp.core.calendar import working_days
from pdp.dispositifs.enums import AgreementKind, Dispositif, DocumentKind, PersonStatus, StatusGroup
from pdp.dispositifs.rules.facts import Facts, parse_facts
from pdp.dispositifs.rules.periods import months_begun

EMPLOYEES = tuple(status for status in PersonStatus if status.group is StatusGroup.SALARIE)
SELF_EMPLOYED = tuple(status for status in PersonStatus if status.group is StatusGroup.TI)

# A question of the form: its name, its words, and the facts that « oui » and « non » state.
Question = tuple[str, str, dict[str, Any], dict[str, Any]]


def _fact(path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return {path: True}, {path: False}


STOPPAGE: tuple[Question, ...] = (
    ("en_cours", "En cours", *_fact("stoppage.active")),
    ("indemnise_salarie", "Indemnisé, salarié", *_fact("stoppage.indemnified")),
    ("indemnise_ti", "Indemnisé, TI", *_fact("stoppage.indemnified")),
    ("temps_complet", "À temps complet", *_fact("stoppage.full_time")),
)
AGREEMENTS: tuple[Question, ...] = tuple(
    (f"accord_{kind.lower()}", kind.label, {f"agreement.{kind}": "GIVEN"}, {f"agreement.{kind}": "REFUSED"})
    for kind in AgreementKind
)
FILE: tuple[Question, ...] = (
    (
        "demande",
        "Demande de l’assuré",
        {"insured.request": True, "request.author": "INSURED"},
        {"insured.request": False},
    ),
    ("evaluation", "Évaluation sociale faite", *_fact("social_evaluation.done")),
    ("partage", "Accord de partage", {"sharing_agreement": "GIVEN"}, {"sharing_agreement": "MISSING"}),
    (
        "pieces",
        "Conventions et pièces signées",
        {f"document.{kind}": "PRESENT" for kind in DocumentKind},
        {f"document.{kind}": "ABSENT" for kind in DocumentKind},
    ),
    ("tuteur", "Tuteur désigné", {"trial.tutor_name": "désigné"}, {"trial.tutor_name": None}),
    ("origine", "Dans l’entreprise d’origine", {"host.type": "OWN"}, {"host.type": "OTHER"}),
    (
        "prescripteur",
        "Prescripteur habilité, un objet",
        {"prescriber": "CAP_EMPLOI", "pmsmp.objects": ["CONFIRM"]},
        {"prescriber": "OTHER"},
    ),
    ("financement", "Financement trouvé", {"funding.source": "trouvé"}, {"funding.source": None}),
    ("participation", "Participation de la caisse", *_fact("fund.participates")),
    (
        "remuneration",
        "Rémunération maintenue",
        {"pay.before_stoppage": 1, "pay.total_during": 1},
        {"pay.before_stoppage": 1, "pay.total_during": 0},
    ),
)
PERSON: tuple[Question, ...] = (
    ("regime", "Régime général", {"scheme": "GENERAL"}, {"scheme": "SPECIAL"}),
    ("risque", "Risque de désinsertion", *_fact("work_exclusion_risk")),
    (
        "inaptitude",
        "Inaptitude ou risque constaté",
        {"unfitness.state": "RISK_AT_PRE_RETURN"},
        {"unfitness.state": "NONE"},
    ),
    ("boeth", "Titre BOETH", {"boeth.state": "HELD"}, {"boeth.state": "NONE"}),
    ("invalidite", "Pension d’invalidité", *_fact("pension.invalidity")),
    ("retraite", "Pension de retraite", *_fact("pension.old_age")),
    ("ald", "Affection de longue durée", *_fact("ald")),
    ("affiliation", "Affilié depuis un an", {"affiliation.months": 12}, {"affiliation.months": 11}),
)
QUESTIONS: tuple[Question, ...] = (*STOPPAGE, *AGREEMENTS, *FILE, *PERSON)
_ONE_STATUS = {"indemnise_salarie": StatusGroup.SALARIE, "indemnise_ti": StatusGroup.TI}


@dataclass(frozen=True, slots=True)
class Described:
    """A situation as described: statuses, dates, and the answers « yes » or « no » by name of the question."""

    statuses: tuple[PersonStatus, ...] = ()
    stoppage_start: date | None = None
    stoppage_end: date | None = None
    measure_start: date | None = None
    measure_end: date | None = None
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def groups(self) -> tuple[StatusGroup, ...]:
        """The status groups to answer for, each apart."""
        found = {status.group for status in self.statuses}
        return tuple(group for group in StatusGroup if group in found)

    @property
    def trial_days(self) -> int | None:
        """The working days of the measure; None without both its dates."""
        if self.measure_start is None or self.measure_end is None:
            return None
        return working_days(self.measure_start, self.measure_end)


def described_facts(
    described: Described, dispositif: Dispositif, group: StatusGroup, orgs_needed: tuple[str, ...] = ()
) -> Facts:
    """Return the facts of a described situation for one dispositif and status group.

    The situation is taken to be one of prevention (axis PDP), as everything that is simulated here.
    """
    facts: dict[str, Any] = {"status": [status.value for status in described.statuses], "case.axis": "PDP"}
    for name, _, yes, no in QUESTIONS:
        if _ONE_STATUS.get(name, group) is group and described.answers.get(name) in {"yes", "no"}:
            facts |= yes if described.answers[name] == "yes" else no
    facts |= _stoppage(described, facts)
    facts |= _measure(described, dispositif)
    facts["measure.orgs_needed"] = list(orgs_needed)
    sharing = facts.pop("sharing_agreement", None)
    if sharing is not None:
        facts |= {f"sharing_agreement.{kind}": sharing for kind in orgs_needed}
    if group is StatusGroup.SALARIE and all(
        status is PersonStatus.EMPLOYEE_CDI for status in described.statuses if status.group is group
    ):
        facts["contract.end"] = None
    return parse_facts(facts)


def _stoppage(described: Described, facts: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if described.stoppage_start:
        found["stoppage.start"] = described.stoppage_start
    if described.stoppage_end:
        found["stoppage.prescribed_end"] = described.stoppage_end
        if facts.get("stoppage.active") is False:
            found["stoppage.end"] = described.stoppage_end
    if facts.get("stoppage.active") is True or described.stoppage_start:
        found["stoppage.exists"] = True
    whole = (facts.get("stoppage.full_time"), facts.get("stoppage.indemnified"))
    if False in whole:
        found["stoppage.full_time_indemnified_just_before"] = False
    elif whole == (True, True) and described.measure_start and described.stoppage_end:
        follows = described.measure_start <= described.stoppage_end + timedelta(days=1)
        found["stoppage.full_time_indemnified_just_before"] = follows
    return found


def _measure(described: Described, dispositif: Dispositif) -> dict[str, Any]:
    start, end = described.measure_start, described.measure_end
    found: dict[str, Any] = {}
    if start:
        found["measure.start"] = start
    if end:
        found["measure.end"] = end
    if start is None or end is None:
        return found
    days = (end - start).days + 1
    found["measure.months"] = months_begun(start, end)
    if dispositif is Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE:
        found |= {"tpt.start": start, "tpt.end": end, "tpt.total_days": days}
    if dispositif is Dispositif.ESSAI_ENCADRE:
        count = working_days(start, end)
        found |= {
            "trial.start": start,
            "trial.end": end,
            "trial.initial_working_days": count,
            "trial.total_working_days_for_stoppage": count,
        }
    return found
