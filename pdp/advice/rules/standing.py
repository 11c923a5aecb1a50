"""Where a question stands, what may be done with it, and when the organisations read each other."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from pdp.advice.enums import AdviceValue, AskAct, AskState
from pdp.core.errors import InvalidInput, RuleViolation
from pdp.policy.actor import Actor
from pdp.policy.labels import Label

# The one table of moves. An answer may also be given anew while the others may not read it (`may`).
MOVES: dict[AskState, frozenset[AskAct]] = {
    AskState.WAITING: frozenset({AskAct.REPLY, AskAct.DECLINE, AskAct.REVOKE}),
    AskState.LATE: frozenset({AskAct.REPLY, AskAct.DECLINE, AskAct.REVOKE}),
    AskState.ANSWERED: frozenset(),
    AskState.DECLINED: frozenset(),
    AskState.REVOKED: frozenset(),
}
LONGEST = timedelta(days=183)

_REFUSALS = {
    AskState.ANSWERED: "Cet avis est rendu et les autres organismes peuvent le lire : il ne se change plus.",
    AskState.DECLINED: "Votre organisme a décliné cette demande : il n’y a plus rien à rendre.",
    AskState.REVOKED: "Cette demande d’avis a été retirée : il n’y a plus rien à faire.",
}


@dataclass(frozen=True, slots=True)
class AskFacts:
    """What decides where a question put to one organisation stands."""

    organisation_id: int
    answered: bool = False
    declined: bool = False
    revoked: bool = False


def state_of(ask: AskFacts, due_on: date, today: date) -> AskState:
    """Return where a question stands; the day named is still in time."""
    if ask.revoked:
        return AskState.REVOKED
    if ask.declined:
        return AskState.DECLINED
    if ask.answered:
        return AskState.ANSWERED
    return AskState.LATE if today > due_on else AskState.WAITING


def is_revealed(asks: Collection[AskFacts], due_on: date, today: date) -> bool:
    """Tell whether the organisations of a round may read each other: all have answered, or time is up."""
    if today > due_on:
        return True
    counted = [ask for ask in asks if not ask.revoked]
    return all(ask.answered or ask.declined for ask in counted)


def may(act: AskAct, state: AskState, *, revealed: bool) -> bool:
    """Tell whether an act is possible; an answer that the others may not read yet may be given anew."""
    if act is AskAct.REPLY and state is AskState.ANSWERED:
        return not revealed
    return act in MOVES[state]


def ensure_may(act: AskAct, state: AskState, *, revealed: bool) -> None:
    """Refuse an act that the state does not allow. Raises `RuleViolation`."""
    if not may(act, state, revealed=revealed):
        if act is AskAct.REVOKE and state is AskState.ANSWERED:
            raise RuleViolation("Cet avis est déjà rendu : la question ne se retire plus, l’avis reste au dossier.")
        raise RuleViolation(_REFUSALS[state])


def reads_answer(
    actor: Actor, ask: AskFacts, readable: frozenset[Label], *, revealed: bool, asked: frozenset[int]
) -> bool:
    """Tell whether the actor reads the answer of an organisation, given the labels of the case that it reads."""
    if Label.REQUEST not in readable:
        return False
    if actor.is_core:
        return True
    if ask.organisation_id == actor.organisation_id:
        return not ask.revoked
    return revealed and actor.organisation_id in asked and Label.OPINION in readable and not ask.revoked


def check_round(question: str, organisations: Collection[str], due_on: date, today: date) -> None:
    """Refuse a round without an addressee or with an impossible day. Raises `InvalidInput`."""
    errors: dict[str, list[str]] = {}
    if not question:
        errors["question"] = ["Écrivez la question posée : les organismes n’ont qu’elle pour répondre."]
    if not organisations:
        errors["organisations"] = ["Choisissez au moins un organisme."]
    errors |= _day_errors(due_on, today)
    if errors:
        raise InvalidInput(errors)


def check_extension(due_on: date, former: date, today: date) -> None:
    """Refuse a new day that gives no more time. Raises `InvalidInput`."""
    errors = _day_errors(due_on, today)
    if not errors and due_on <= former:
        errors["due_on"] = [f"Choisissez un jour après le {former:%d/%m/%Y}, l’échéance actuelle."]
    if errors:
        raise InvalidInput(errors)


def ensure_extensible(former: date, today: date) -> None:
    """Refuse more time once it is up: the organisations may already read each other. Raises `RuleViolation`."""
    if today > former:
        raise RuleViolation(
            "L’échéance est passée : les organismes peuvent déjà lire les avis rendus. "
            "Un avis en retard peut encore être rendu ; pour des avis indépendants, posez une nouvelle question."
        )


def check_reply(value: AdviceValue, text: str) -> None:
    """Ask for words where the value alone says too little. Raises `InvalidInput`."""
    if value is not AdviceValue.FAVOURABLE and not text:
        raise InvalidInput({"text": ["Dites en quelques mots pourquoi, sans information médicale."]})


def _day_errors(due_on: date, today: date) -> dict[str, list[str]]:
    if due_on < today:
        return {"due_on": [f"Cette date est passée ({due_on:%d/%m/%Y}). Choisissez un jour à venir."]}
    if due_on > today + LONGEST:
        return {"due_on": ["Cette date est à plus de six mois. Choisissez un jour plus proche."]}
    return {}
