"""What the use cases of merging accept."""

from typing import Any

from marshmallow import fields, post_load

from pdp.merging.enums import Side
from pdp.merging.rules.traits import FIELDS
from pdp.web.forms import Input, Paragraphs


def _reason() -> Paragraphs:
    return Paragraphs(required=True, max_length=1000)


def _side() -> fields.Enum[Any]:
    return fields.Enum(Side, by_value=True)


class ProposalInput(Input):
    """A merge proposed: why, and whose value of each trait is retained."""

    reason = _reason()
    version = fields.String(load_default="")
    family_name = _side()
    given_name = _side()
    birth_date = _side()
    town = _side()
    phone = _side()
    email = _side()
    nir = _side()

    @post_load
    def gather(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Put the choices together."""
        choices = {name: data.pop(name) for name in FIELDS if name in data}
        return data | {"choices": choices}


class DistinctInput(Input):
    """Two persons said to be two."""

    reason = _reason()
    version = fields.String(load_default="")


class RefusalInput(Input):
    """Why a proposal is refused."""

    reason = _reason()


class UndoInput(Input):
    """Why a merge is undone, and which newer cases go back."""

    reason = _reason()
    returning = fields.List(fields.String(), load_default=list)
