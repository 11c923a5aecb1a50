"""What the simulator and the catalogue of rules accept, from the address."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from pdp.dispositifs.enums import Dispositif, PersonStatus, StatusGroup
from pdp.dispositifs.rules.simulation import QUESTIONS, Described
from pdp.web.forms import FrenchDate, Input

_ANSWERS = frozenset({"yes", "no"})


class SituationInput(Input):
    """A situation described in the simulator."""

    salarie = fields.Boolean(load_default=False)
    ti = fields.Boolean(load_default=False)
    salarie_statut = fields.Enum(PersonStatus, load_default=PersonStatus.EMPLOYEE_CDI)
    ti_statut = fields.Enum(PersonStatus, load_default=PersonStatus.SE_TRADE)
    arret_debut = FrenchDate(load_default=None)
    arret_fin = FrenchDate(load_default=None)
    mesure_debut = FrenchDate(load_default=None)
    mesure_fin = FrenchDate(load_default=None)

    @validates_schema
    def check(self, values: dict[str, Any], **_options: Any) -> None:
        """Ask for a status, of its own group, and refuse a period that ends before it starts."""
        errors: dict[str, list[str]] = {}
        if not values["salarie"] and not values["ti"]:
            errors["salarie"] = ["Choisissez au moins un statut."]
        for group in (StatusGroup.SALARIE, StatusGroup.TI):
            if values[f"{group}_statut"].group is not group:
                errors[f"{group}_statut"] = ["Choisissez une valeur de la liste."]
        for name in ("arret", "mesure"):
            start, end = values[f"{name}_debut"], values[f"{name}_fin"]
            if start and end and end < start:
                errors[f"{name}_fin"] = ["La fin précède le début."]
        if errors:
            raise ValidationError(errors)


class FilterInput(Input):
    """Which rules to show; all of them by default."""

    dispositif = fields.Enum(Dispositif, by_value=True, load_default=None)
    statut = fields.Enum(StatusGroup, by_value=True, load_default=None)


def describe(values: dict[str, Any], raw: Any) -> Described:
    """Return the situation described by loaded values and by the raw answers to the questions."""
    groups = (StatusGroup.SALARIE, StatusGroup.TI)
    answers = {name: raw.get(name, "") for name, *_ in QUESTIONS}
    return Described(
        statuses=tuple(values[f"{group}_statut"] for group in groups if values[group.value]),
        stoppage_start=values["arret_debut"],
        stoppage_end=values["arret_fin"],
        measure_start=values["mesure_debut"],
        measure_end=values["mesure_fin"],
        answers={name: answer for name, answer in answers.items() if answer in _ANSWERS},
    )


def raw_values(described: Described) -> dict[str, str]:
    """Return a situation as the form shows it."""
    by_group = {status.group: status for status in described.statuses}
    raw = {group.value: "1" for group in by_group}
    raw |= {f"{group.value}_statut": status.name for group, status in by_group.items()}
    days = {
        "arret_debut": described.stoppage_start,
        "arret_fin": described.stoppage_end,
        "mesure_debut": described.measure_start,
        "mesure_fin": described.measure_end,
    }
    return raw | {name: day.isoformat() for name, day in days.items() if day} | dict(described.answers)
