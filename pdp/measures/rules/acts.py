"""What may be done with a measure, and when: each refusal says the next step."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from pdp.core import french
from pdp.core.errors import InvalidInput, RuleViolation
from pdp.dispositifs.enums import Dispositif
from pdp.measures.enums import Objective, Signer, Unit
from pdp.measures.rules.clocks import Reading
from pdp.measures.rules.life import Life, Stretch
from pdp.requests.enums import RequestStatus
from pdp.requests.rules.workflow import GRANTED

LIVE = GRANTED - {RequestStatus.ENDED}

# Who signs; the host company besides when it is another one. The caisse is a party to a rééducation only.
_SIGNERS: Mapping[Dispositif, tuple[Signer, ...]] = MappingProxyType(
    {
        Dispositif.ESSAI_ENCADRE: (Signer.INSURED, Signer.EMPLOYER, Signer.TUTOR, Signer.PHYSICIAN),
        Dispositif.CRPE: (Signer.INSURED, Signer.EMPLOYER, Signer.FUND),
        Dispositif.PMSMP: (Signer.INSURED, Signer.HOST, Signer.PRESCRIBER),
    }
)
_NO_PERIOD = "Prévoyez d’abord une période."


def signers(dispositif: Dispositif, host: str | None) -> tuple[Signer, ...]:
    """Return who signs the convention of a dispositif; empty when it takes none. `host`: OWN, OTHER or not known."""
    found = _SIGNERS.get(dispositif, ())
    return (*found, Signer.HOST) if found and host == "OTHER" and Signer.HOST not in found else found


def ensure_live(status: RequestStatus) -> None:
    """Refuse to change a measure that was not granted, or is over. Raises `RuleViolation`."""
    if status is RequestStatus.ENDED:
        raise RuleViolation("La mesure est terminée : elle ne change plus. Demandez une suite si elle doit reprendre.")
    if status not in GRANTED:
        raise RuleViolation("La mesure n’est pas accordée : ses périodes se notent une fois la décision enregistrée.")


def check_period(life: Life, start: date, end: date) -> None:
    """Refuse a period that ends before it starts, meets another, or precedes an interruption."""
    if end < start:
        raise InvalidInput({"ends_on": ["La fin précède le début. Vérifiez les deux dates."]})
    met = next((each for each in life.periods if each.start <= end and start <= each.end), None)
    if met:
        raise InvalidInput({"starts_on": [f"Une période va déjà du {_said(met)}. Choisissez d’autres jours."]})
    if life.interrupted_on and start <= life.interrupted_on:
        raise InvalidInput(
            {"starts_on": [f"La mesure est interrompue depuis le {french.day(life.interrupted_on)} : reprenez après."]}
        )


def check_limits(readings: Sequence[Reading]) -> None:
    """Refuse what breaks a limit, with the last day that keeps it. Raises `InvalidInput`."""
    broken = [_broken(each) for each in readings if each.exceeded]
    if broken:
        raise InvalidInput({"ends_on": broken})


def period_to_cancel(life: Life, key: str, today: date) -> Stretch:
    """Return the period of that key, if it may be called off. Raises `RuleViolation`."""
    found = next((each for each in life.periods if each.key == key), None)
    if found is None:
        raise RuleViolation("Cette période n’est plus prévue. Relisez la page.")
    if life.started_on and found.start <= today:
        raise RuleViolation("Cette période a commencé. Interrompez plutôt la mesure.")
    return found


def ensure_writes_text(life: Life) -> None:
    """Refuse a convention that nothing calls for. Raises `RuleViolation`."""
    if not life.periods:
        raise RuleViolation(f"La convention porte sur des périodes. {_NO_PERIOD}")


def check_signature(life: Life, allowed: Collection[Signer], signer: Signer, day: date, today: date) -> None:
    """Refuse a signature of no current text, of somebody who does not sign, twice, or on an impossible day."""
    if not life.text_current or life.text_on is None:
        raise RuleViolation(
            "Les périodes ont changé depuis le dernier texte. Établissez-le de nouveau, puis faites-le signer."
            if life.text_version
            else "Établissez d’abord le texte de la convention."
        )
    if signer not in allowed:
        raise InvalidInput({"signer": ["Cette partie ne signe pas la convention. Choisissez dans la liste."]})
    if signer in life.signed_by:
        raise InvalidInput({"signer": ["Cette partie a déjà signé ce texte."]})
    _check_past(day, today, "on", not_before=life.text_on, why="Le texte est daté du {day} : il se signe ensuite.")


def check_start(life: Life, wanted: Sequence[Signer], day: date, today: date) -> None:
    """Refuse a start without a period, without every signature, or on an impossible day."""
    if not life.periods:
        raise RuleViolation(f"La mesure ne peut pas commencer. {_NO_PERIOD}")
    if life.started_on:
        raise RuleViolation(f"La mesure a commencé le {french.day(life.started_on)}.")
    missing = [signer.label.lower() for signer in wanted if signer not in life.signed_by]
    if missing:
        raise RuleViolation(f"La mesure ne peut pas commencer : la convention attend {', '.join(missing)}.")
    _check_past(day, today, "on", not_before=life.periods[0].start, why="La première période commence le {day}.")
    if day > life.periods[-1].end:
        raise InvalidInput({"on": [f"La dernière période finit le {french.day(life.periods[-1].end)}."]})


def check_interruption(life: Life, day: date, today: date) -> None:
    """Refuse to interrupt what has not started, or is already at its last day."""
    if life.started_on is None:
        raise RuleViolation("La mesure n’a pas commencé : annulez plutôt ses périodes.")
    _check_past(day, today, "on", not_before=life.started_on, why="La mesure a commencé le {day}.")
    if life.last_day is None or day >= life.last_day:
        raise InvalidInput({"on": ["La mesure va à son terme ce jour-là. Établissez plutôt le bilan de fin."]})


def check_end(life: Life, day: date, judged: Collection[Objective], today: date) -> None:
    """Refuse an end without a start, without an objective judged, or on an impossible day."""
    if life.started_on is None:
        raise RuleViolation("La mesure n’a pas commencé. Notez d’abord son premier jour.")
    if not judged:
        raise InvalidInput({"_form": ["Évaluez au moins un objectif de la mesure."]})
    _check_past(day, today, "on", not_before=life.started_on, why="La mesure a commencé le {day}.")


def _check_past(day: date, today: date, field: str, *, not_before: date, why: str) -> None:
    if day > today:
        raise InvalidInput({field: ["Cette date est à venir. Notez le jour où cela s’est fait."]})
    if day < not_before:
        raise InvalidInput({field: [why.replace("{day}", french.day(not_before))]})


def _broken(reading: Reading) -> str:
    clock, last = reading.clock, reading.last_day
    until = f" Le dernier jour possible est le {french.day(last)}." if last else ""
    if clock.unit is Unit.FIXED:
        return f"{clock.label} dépassée.{until}"
    return f"{clock.label} : {reading.used} {clock.unit.label} pour {clock.limit} au plus.{until}"


def _said(stretch: Stretch) -> str:
    return f"{french.day(stretch.start)} au {french.day(stretch.end)}"
