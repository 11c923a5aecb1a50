"""Verdicts: their order, refused agreements, dates of validity, doctrine."""

from datetime import date
from typing import Any

import pytest

from pdp.dispositifs.catalogue import load_ruleset
from pdp.dispositifs.enums import Basis, Cause, Dispositif, Doctrine, RuleDoctrine, StatusGroup, Verdict
from pdp.dispositifs.rules import Assessment, Rule, RuleSet, evaluate, parse, parse_facts

DAY = date(2026, 3, 2)


def assess(
    dispositif: str, facts: dict[str, Any], *, group: str = "salarie", doctrine: str = "regional", on: date = DAY
) -> Assessment:
    return evaluate(
        load_ruleset(),
        parse_facts(facts),
        dispositif=Dispositif(dispositif),
        group=StatusGroup(group),
        evaluated_on=on,
        doctrine=Doctrine(doctrine),
    )


def answers(assessment: Assessment) -> dict[str, str]:
    return {result.id: result.verdict.value for result in assessment.rules}


def rule(rule_id: str, need: str, fail: Verdict, **values: Any) -> Rule:
    content: dict[str, Any] = {
        "dispositif": None,
        "group": None,
        "unknown": fail,
        "reason": f"{rule_id} manque.",
        "source": "Un texte",
        "basis": Basis.LAW,
        "doctrine": RuleDoctrine.ANY,
        "valid_from": None,
        "valid_to": None,
        "edition": "1",
    } | values
    return Rule(id=rule_id, need=parse(need), fail=fail, **content)


@pytest.mark.parametrize(
    ("fails", "expected"),
    [
        ([], "eligible"),
        ([Verdict.PIECE_MANQUANTE], "piece_manquante"),
        ([Verdict.PIECE_MANQUANTE, Verdict.A_VERIFIER], "a_verifier"),
        ([Verdict.A_VERIFIER, Verdict.INELIGIBLE, Verdict.PIECE_MANQUANTE], "ineligible"),
    ],
)
def test_the_verdict_is_the_worst_of_the_rules(fails: list[Verdict], expected: str) -> None:
    rules = [rule(f"R-{rank}", "false", fail) for rank, fail in enumerate(fails)]
    found = evaluate(
        RuleSet((rule("R-OK", "true", Verdict.INELIGIBLE), *rules)),
        parse_facts({}),
        dispositif=Dispositif.PMSMP,
        group=StatusGroup.SALARIE,
        evaluated_on=DAY,
        doctrine=Doctrine.LAW,
    )
    assert found.verdict == expected
    assert len(found.failed) == len(fails)


REFUSALS = [
    # dispositif, group, doctrine, agreement refused, rule, its verdict
    ("essai_encadre", "salarie", "regional", "ATTENDING", "EE-E-04", "ineligible"),
    ("essai_encadre", "salarie", "regional", "ADVISER", "EE-E-05", "ineligible"),
    ("essai_encadre", "salarie", "regional", "OCCUPATIONAL", "EE-E-06", "ineligible"),
    ("essai_encadre", "salarie", "regional", "HOST_COMPANY", "EE-E-13", "ineligible"),
    ("crpe", "salarie", "regional", "EMPLOYER", "CRPE-E-07", "ineligible"),
    ("crpe", "salarie", "regional", "OCCUPATIONAL", "CRPE-E-09", "ineligible"),
    ("crpe", "salarie", "regional", "ADVISER", "CRPE-E-10", "ineligible"),
    ("temps_partiel_therapeutique", "salarie", "regional", "ADVISER", "TPT-E-03", "ineligible"),
    ("temps_partiel_therapeutique", "salarie", "regional", "OCCUPATIONAL", "TPT-E-04", "ineligible"),
    ("temps_partiel_therapeutique", "salarie", "regional", "EMPLOYER", "TPT-E-05", "a_verifier"),
    ("temps_partiel_therapeutique", "salarie", "law", "EMPLOYER", "TPT-E-06", "a_verifier"),
    ("temps_partiel_therapeutique", "ti", "law", "ADVISER", "TPT-S-08", "ineligible"),
    ("inclupro", "salarie", "regional", "ATTENDING", "INC-E-04", "ineligible"),
    ("inclupro", "ti", "regional", "ADVISER", "INC-S-05", "ineligible"),
    ("bilan_competences", "salarie", "regional", "ADVISER", "BC-E-03", "ineligible"),
    ("bilan_competences", "ti", "regional", "ATTENDING", "BC-S-02", "ineligible"),
    ("action_remobilisation", "salarie", "regional", "ATTENDING", "RM-E-02", "ineligible"),
    ("action_remobilisation", "ti", "regional", "ADVISER", "RM-S-02", "ineligible"),
]


@pytest.mark.parametrize(("dispositif", "group", "doctrine", "kind", "rule_id", "expected"), REFUSALS)
def test_a_refused_agreement_closes_the_measure_except_the_employer_s_on_part_time(
    dispositif: str, group: str, doctrine: str, kind: str, rule_id: str, expected: str
) -> None:
    found = assess(dispositif, {f"agreement.{kind}": "REFUSED"}, group=group, doctrine=doctrine)
    assert answers(found)[rule_id] == expected


@pytest.mark.parametrize("other", ["GIVEN", "MISSING", "REFUSED", "UNKNOWN", None])
def test_a_refusal_inside_an_and_closes_the_measure_whatever_the_other_agreement(other: str | None) -> None:
    found = assess("action_remobilisation", {"agreement": {"ATTENDING": "REFUSED", "ADVISER": other}})
    assert answers(found)["RM-E-02"] == "ineligible"


@pytest.mark.parametrize(
    ("active", "expected"),
    # At work no agreement is needed; not knowing whether there is an arrêt, the refusal does not settle it.
    [(True, "ineligible"), (False, "pass"), ("UNKNOWN", "piece_manquante")],
)
def test_a_refusal_before_a_pmsmp_counts_only_during_the_arret(active: Any, expected: str) -> None:
    facts = {"stoppage.active": active, "agreement": {"ATTENDING": "GIVEN", "ADVISER": "REFUSED"}}
    assert answers(assess("pmsmp", facts))["PM-E-05"] == expected


def test_a_refusal_says_who_refused() -> None:
    found = assess("action_remobilisation", {"agreement": {"ATTENDING": "REFUSED", "ADVISER": "REFUSED"}})
    (result,) = [each for each in found.rules if each.id == "RM-E-02"]
    assert result.cause is Cause.REFUSED
    assert result.reason == "Le médecin traitant et le médecin-conseil ont refusé leur accord."


def test_in_an_or_a_refusal_leaves_the_other_branch_open() -> None:
    either = "agreement.EMPLOYER == GIVEN or agreement.HOST_COMPANY == GIVEN"
    ruleset = RuleSet((rule("R-1", either, Verdict.PIECE_MANQUANTE),))
    for second, expected in (("MISSING", "piece_manquante"), ("REFUSED", "ineligible"), ("GIVEN", "eligible")):
        found = evaluate(
            ruleset,
            parse_facts({"agreement": {"EMPLOYER": "REFUSED", "HOST_COMPANY": second}}),
            dispositif=Dispositif.CRPE,
            group=StatusGroup.SALARIE,
            evaluated_on=DAY,
            doctrine=Doctrine.LAW,
        )
        assert found.verdict == expected


def test_rules_of_substance_are_taken_at_the_start_of_the_measure_and_document_rules_on_the_day() -> None:
    before = assess("crpe", {"measure.start": "2022-03-30"})
    assert "CRPE-E-00" in answers(before)
    assert "CRPE-E-02" not in answers(before)
    assert "CRPE-E-07" in answers(before)
    assert before.substance_on == date(2022, 3, 30)


def test_both_dates_of_validity_are_included() -> None:
    first_day = answers(assess("crpe", {"measure.start": "2022-03-31"}))
    assert "CRPE-E-00" not in first_day
    assert "CRPE-E-02" in first_day


@pytest.mark.parametrize("facts", [{}, {"measure.start": None}, {"measure.start": "UNKNOWN"}])
def test_without_a_start_everything_is_taken_on_the_day_of_the_evaluation(facts: dict[str, Any]) -> None:
    found = assess("crpe", facts, on=date(2022, 3, 30))
    assert found.substance_on == date(2022, 3, 30)
    assert "CRPE-E-00" in answers(found)
    assert "CRPE-E-07" not in answers(found)


def test_a_document_rule_of_the_future_does_not_run_even_if_the_measure_starts_later() -> None:
    found = answers(assess("essai_encadre", {"measure.start": "2026-01-05"}, on=date(2022, 3, 30)))
    assert "EE-E-04" not in found
    assert "EE-E-10" in found


@pytest.mark.parametrize(
    ("group", "doctrine", "shown", "hidden"),
    [
        ("ti", "regional", {"TPT-S-00"}, {f"TPT-S-0{n}" for n in range(1, 9)}),
        ("ti", "law", {f"TPT-S-0{n}" for n in range(1, 9)}, {"TPT-S-00"}),
        ("salarie", "regional", {"TPT-E-08"}, set()),
        ("salarie", "law", set(), {"TPT-E-08"}),
    ],
)
def test_a_rule_of_the_other_doctrine_is_never_listed(
    group: str, doctrine: str, shown: set[str], hidden: set[str]
) -> None:
    found = set(answers(assess("temps_partiel_therapeutique", {}, group=group, doctrine=doctrine)))
    assert shown <= found
    assert not hidden & found


def test_only_part_time_return_ever_diverges() -> None:
    for dispositif in Dispositif:
        for group in StatusGroup:
            if assess(dispositif, {}, group=group).divergence:
                assert (dispositif, group) == (Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE, StatusGroup.TI)


def test_an_employee_without_arret_shows_where_the_support_and_the_law_differ() -> None:
    facts = {
        "status": ["EMPLOYEE_CDI"],
        "scheme": "GENERAL",
        "case.axis": "PDP",
        "insured.request": True,
        "pension.old_age": False,
        "stoppage.exists": False,
        "tpt.end": "2026-12-31",
        "cap.R323_3": "2026-12-31",
        "document.TPT_PRESCRIPTION": "PRESENT",
        "agreement": {"ADVISER": "GIVEN", "OCCUPATIONAL": "GIVEN", "EMPLOYER": "GIVEN"},
    }
    found = assess("temps_partiel_therapeutique", facts)
    assert found.verdict is Verdict.A_VERIFIER
    assert found.divergence is not None
    assert (found.divergence.regional, found.divergence.law) == (Verdict.A_VERIFIER, Verdict.ELIGIBLE)
    assert found.divergence.explanation.replace("\u00a0", " ") == (
        "La doctrine régionale conclut « À vérifier » : le support régional situe le TPT à l’issue de l’arrêt ; "
        "la loi ne l’exige plus (Support régional du service social (Carsat Sud-Est, 2022) ; En sens contraire : "
        "Le Monde des artisans, page sur le temps partiel thérapeutique). Le texte de loi conclut « Éligible »."
    )


@pytest.mark.parametrize(
    ("dispositif", "facts", "sentence"),
    [
        (
            "pmsmp",
            {"prescriber": "CPAM"},
            "La PMSMP n’est pas ouverte dans cette situation : 1 règle s’y oppose. 1 règle est satisfaite sur 10.",
        ),
        (
            "bilan_competences",
            {"scheme": "GENERAL", "case.axis": "PDP", "pension.old_age": False, "insured.request": True},
            "Le bilan de compétences ne peut pas encore être tranché : 3 points sont à vérifier "
            "et il manque 2 pièces. 5 règles sont satisfaites sur 10.",
        ),
    ],
)
def test_a_verdict_is_first_a_sentence_with_its_figures(dispositif: str, facts: dict[str, Any], sentence: str) -> None:
    assert assess(dispositif, facts).explanation.replace("\u00a0", " ") == sentence


def test_the_sentence_of_what_is_missing_and_of_what_is_complete() -> None:
    ruleset = RuleSet(
        (
            rule("R-1", "ald", Verdict.PIECE_MANQUANTE),
            rule("R-2", "is_micro", Verdict.PIECE_MANQUANTE),
            rule("R-3", "true", Verdict.INELIGIBLE),
        )
    )

    def sentence(facts: dict[str, Any]) -> str:
        return evaluate(
            ruleset,
            parse_facts(facts),
            dispositif=Dispositif.ESSAI_ENCADRE,
            group=StatusGroup.SALARIE,
            evaluated_on=DAY,
            doctrine=Doctrine.LAW,
        ).explanation.replace("\u00a0", " ")

    assert sentence({}) == (
        "Rien ne s’oppose à un essai encadré, mais il manque 2 pièces pour conclure. 1 règle est satisfaite sur 3."
    )
    assert sentence({"ald": True}) == (
        "Rien ne s’oppose à un essai encadré, mais il manque 1 pièce pour conclure. 2 règles sont satisfaites sur 3."
    )
    assert sentence({"ald": True, "is_micro": True}) == (
        "Rien ne s’oppose à un essai encadré. Les 3 règles sont satisfaites."
    )


def test_another_status_is_explained_too() -> None:
    assert assess("crpe", {}, group="autre").explanation.replace("\u00a0", " ") == (
        "Aucune règle ne prévoit une CRPE pour ce statut : la situation est à vérifier."
    )


def test_a_snapshot_holds_all_that_a_later_reader_needs() -> None:
    found = assess("inclupro", {"status": ["EMPLOYEE_CDI"], "measure.start": "2026-03-09"})
    snapshot = found.to_snapshot()
    assert snapshot["evaluated_on"] == "2026-03-02"
    assert snapshot["substance_on"] == "2026-03-09"
    assert snapshot["doctrine"] == "regional"
    assert snapshot["ruleset_version"] == load_ruleset().version
    assert snapshot["explanation"] == found.explanation
    (first,) = [each for each in snapshot["rules"] if each["id"] == "INC-E-02"]
    assert (first["cause"], first["undecided"]) == ("unknown", ["boeth.state"])


def test_a_rule_sees_only_the_statuses_of_its_group() -> None:
    ruleset = RuleSet((rule("R-1", "status in [SE_CRAFT]", Verdict.INELIGIBLE),))
    found = {
        group.value: evaluate(
            ruleset,
            parse_facts({"status": ["EMPLOYEE_CDI", "SE_CRAFT"]}),
            dispositif=Dispositif.CRPE,
            group=group,
            evaluated_on=DAY,
            doctrine=Doctrine.LAW,
        ).verdict.value
        for group in (StatusGroup.SALARIE, StatusGroup.TI)
    }
    assert found == {"salarie": "ineligible", "ti": "eligible"}
