"""From rules and facts to a verdict with its reasons. Pure: the day and the doctrine are arguments."""

from datetime import date

from pdp.dispositifs.enums import AgreementKind, AgreementState, Cause, Dispositif, Doctrine, StatusGroup, Verdict
from pdp.dispositifs.rules.explain import divergence_explanation, lead_sentence, refusal_reason
from pdp.dispositifs.rules.facts import Facts
from pdp.dispositifs.rules.logic import holds, undecided_facts
from pdp.dispositifs.rules.model import Assessment, Divergence, Rule, RuleResult, RuleSet, worst
from pdp.dispositifs.rules.syntax import And, Comparison, Expression, Fact, Literal, Or, paths_of

_AGREEMENT = "agreement."


def evaluate(
    ruleset: RuleSet,
    facts: Facts,
    *,
    dispositif: Dispositif,
    group: StatusGroup,
    evaluated_on: date,
    doctrine: Doctrine,
) -> Assessment:
    """Assess one dispositif for one status group.

    `facts` are those of the request laid over those of the person. Rules about documents are taken on
    `evaluated_on`, the others at the start of the measure when it is known. No rule covers a status outside
    both groups: the answer is then `a_verifier`, without rules.
    """
    start = facts.get("measure.start")
    substance_on = start if isinstance(start, date) else evaluated_on
    rules = () if group is StatusGroup.AUTRE else ruleset.for_measure(dispositif, group)
    scoped = facts.for_group(group)
    results = tuple(
        (rule, _judge(rule, dispositif, scoped))
        for rule in rules
        if rule.is_in_force(evaluated_on if rule.is_document_rule else substance_on)
    )
    by_doctrine = {each: tuple(result for rule, result in results if rule.decides_under(each)) for each in Doctrine}
    decided = by_doctrine[doctrine]
    verdict = Verdict.A_VERIFIER if group is StatusGroup.AUTRE else _verdict(decided)
    return Assessment(
        dispositif=dispositif,
        status_group=group,
        verdict=verdict,
        rules=decided,
        divergence=_divergence(by_doctrine),
        doctrine=doctrine,
        evaluated_on=evaluated_on,
        substance_on=substance_on,
        ruleset_version=ruleset.version,
        explanation=lead_sentence(dispositif, group, verdict, decided),
    )


def evaluate_groups(
    ruleset: RuleSet, facts: Facts, *, dispositif: Dispositif, evaluated_on: date, doctrine: Doctrine
) -> tuple[Assessment, ...]:
    """Assess one dispositif for each status group of the person, independently."""
    return tuple(
        evaluate(ruleset, facts, dispositif=dispositif, group=group, evaluated_on=evaluated_on, doctrine=doctrine)
        for group in facts.groups
    )


def _judge(rule: Rule, dispositif: Dispositif, facts: Facts) -> RuleResult:
    truth = holds(rule.need, facts)
    verdict, cause, reason = Verdict.PASS, None, rule.reason
    if truth is None:
        verdict, cause = rule.unknown, Cause.UNKNOWN
    elif truth is False:
        verdict, cause = rule.fail, Cause.FALSE
        refused = _refused(rule.need, facts) if rule.is_document_rule else frozenset()
        if refused:
            verdict, cause, reason = _refusal_verdict(refused, dispositif), Cause.REFUSED, refusal_reason(refused)
    return RuleResult(
        id=rule.id,
        version=rule.version,
        verdict=verdict,
        reason=reason,
        source=rule.source,
        basis=rule.basis,
        doctrine=rule.doctrine,
        cause=cause,
        undecided=undecided_facts(rule.need, facts),
    )


def _refused(need: Expression, facts: Facts) -> frozenset[AgreementKind]:
    """Return the refused agreements that make a condition false for good, alone or inside an `and`.

    In an `or`, another branch may still be met: a refusal counts only if every branch that waits for an
    agreement is refused.
    """
    match need:
        case Comparison(Fact(path), "==", Literal(AgreementState.GIVEN)) if path.startswith(_AGREEMENT):
            refused = facts.get(path) == AgreementState.REFUSED
            return frozenset({AgreementKind(path.removeprefix(_AGREEMENT))} if refused else ())
        case And(operands):
            return frozenset().union(*(_refused(operand, facts) for operand in operands))
        case Or(operands):
            waiting = [each for each in operands if any(p.startswith(_AGREEMENT) for p in paths_of(each))]
            branches = [_refused(each, facts) for each in waiting]
            return frozenset().union(*branches) if all(branches) else frozenset()
        case _:
            return frozenset()


def _refusal_verdict(refused: frozenset[AgreementKind], dispositif: Dispositif) -> Verdict:
    # An employer may refuse a TPT only for written, legitimate reasons: a person has to read them.
    arguable = {AgreementKind.EMPLOYER} if dispositif is Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE else set()
    return Verdict.A_VERIFIER if refused <= arguable else Verdict.INELIGIBLE


def _verdict(results: tuple[RuleResult, ...]) -> Verdict:
    return worst(result.verdict for result in results)


def _divergence(by_doctrine: dict[Doctrine, tuple[RuleResult, ...]]) -> Divergence | None:
    regional, law = by_doctrine[Doctrine.REGIONAL], by_doctrine[Doctrine.LAW]
    if _verdict(regional) is _verdict(law):
        return None
    return Divergence(_verdict(regional), _verdict(law), divergence_explanation(regional, law))
