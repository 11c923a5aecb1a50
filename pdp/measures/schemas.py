"""What the forms of a measure accept."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from pdp.dispositifs.enums import Dispositif
from pdp.measures.enums import Achievement, Interruption, Objective, Signer
from pdp.web.forms import FrenchDate, Input, Line

# One field per objective of the end report.
OBJECTIVE_FIELDS: Mapping[str, Objective] = {f"objective_{each.value}": each for each in Objective}


class VersionInput(Input):
    """The version that the page was drawn from."""

    version = fields.Integer(required=True)


class PeriodInput(VersionInput):
    """A period to plan."""

    starts_on = FrenchDate(required=True)
    ends_on = FrenchDate(required=True)


class CancelInput(VersionInput):
    """The period to call off."""

    period = Line(required=True, max_length=32)


class SignatureInput(VersionInput):
    """Who signed, and when."""

    signer = fields.Enum(Signer, by_value=True, required=True)
    on = FrenchDate(required=True, data_key="signed_on")


class StartInput(VersionInput):
    """The first day of the measure."""

    on = FrenchDate(required=True, data_key="began_on")


class InterruptionInput(VersionInput):
    """The last day done, and why."""

    on = FrenchDate(required=True, data_key="stopped_on")
    reason = fields.Enum(Interruption, by_value=True, required=True)


class FollowInput(VersionInput):
    """What is asked next."""

    dispositif = fields.Enum(Dispositif, by_value=True, required=True)


def end_input() -> Input:
    """Return the schema of the end report: its day, and how far each objective was reached."""
    own: dict[str, Any] = {name: fields.Enum(Achievement, by_value=True) for name in OBJECTIVE_FIELDS}
    own["on"] = FrenchDate(required=True, data_key="ended_on")
    schema: Input = type("EndInput", (VersionInput,), own)()
    return schema


def split_results(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the loaded values as the service takes them: the objectives judged gathered."""
    judged = {each: values[name] for name, each in OBJECTIVE_FIELDS.items() if values.get(name)}
    return {name: value for name, value in values.items() if name not in OBJECTIVE_FIELDS} | {"results": judged}
