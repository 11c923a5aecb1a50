"""An act of the séance tried from a form: done, or refused with all that was typed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema

from pdp.core.errors import Conflict, InvalidInput, RuleViolation
from pdp.meetings import service
from pdp.web import forms
from pdp.web.forms import Form

_DONE, _REFUSED, _STALE = 303, 422, 409


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one act: its name, what was typed, the status of the answer.

    `missing` holds the seats without a vote when closing asks for a confirmation.
    """

    act: str = ""
    form: Form = field(default_factory=Form)
    status: int = 200
    result: Any = None
    missing: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Tell whether the act was carried out."""
        return self.status == _DONE

    @property
    def is_stale(self) -> bool:
        """Tell whether somebody else changed the same thing first."""
        return self.status == _STALE

    def of(self, act: str) -> Form:
        """Return what was typed for an act: an empty form for every other act than the refused one."""
        return self.form if act == self.act else Form()


def attempt(name: str, schema: Schema, act: Callable[[dict[str, Any]], Any]) -> Attempt:
    """Load the form and try the act. A refusal keeps what was typed beside its French reasons."""
    form = forms.read(schema)
    if not form.is_valid:
        return Attempt(name, form, _REFUSED)
    try:
        return Attempt(name, form, _DONE, act(form.values))
    except InvalidInput as error:
        form.errors = error.errors
    except service.MissingVotes as error:
        form.errors = {"_form": [error.message]}
        return Attempt(name, form, _REFUSED, missing=error.seats)
    except Conflict as error:
        form.errors = {"_form": [error.message]}
        return Attempt(name, form, _STALE)
    except RuleViolation as error:
        form.errors = {"_form": [error.message]}
    return Attempt(name, form, _REFUSED)
