"""What the console, the presence sheet and one's own device accept during a séance."""

from typing import Any

from marshmallow import fields, post_load, pre_load, validate

from pdp.accounts.enums import BallotMode
from pdp.cases.enums import RecusalReason
from pdp.dispositifs.enums import StatusGroup
from pdp.meetings.enums import AttendanceMode, AttendanceState, OpinionCode, VoteValue
from pdp.meetings.rules.conditions import wording
from pdp.meetings.schemas.held import HeldLines, gather_rows
from pdp.meetings.service.notes import Keep
from pdp.web.forms import FrenchDate, Input, Line, Paragraphs


class OpenBallotInput(Input):
    """The question put to the vote; empty means the one derived from the request."""

    version = fields.Integer(required=True)
    question = Paragraphs(load_default="", max_length=1000)
    mode = fields.Enum(BallotMode, load_default=BallotMode.NAMED, by_value=True)
    proposed = fields.Enum(OpinionCode, load_default=None, by_value=True)
    consultative = fields.Boolean(load_default=False)


class AskVoteInput(Input):
    """Which seat asked for a vote instead of an agreement."""

    seat = Line(required=True, max_length=40, error_messages={"required": "Choisissez le siège qui demande un vote."})


class ResetInput(Input):
    """A ballot begun again, and why."""

    version = fields.Integer(required=True)
    reason = Line(load_default="", max_length=300, data_key="reset_reason")


class LinkInput(Input):
    """Another item of the same case, declared as an alternative."""

    version = fields.Integer(required=True)
    other = Line(required=True, max_length=40)


class VoteInput(Input):
    """An answer and the text that goes with it. `replaces` is the sequence of the vote it changes."""

    value = fields.Enum(
        VoteValue,
        required=True,
        by_value=True,
        data_key="vote",
        error_messages={"required": "Choisissez une réponse."},
    )
    conditions = Paragraphs(load_default="", max_length=1000)
    reason = Paragraphs(load_default="", max_length=1000)
    replaces = fields.Integer(load_default=None)

    @post_load
    def one_text(self, values: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Keep the text of the answer given; what was typed under another answer is dropped."""
        texts = {
            VoteValue.FOR_WITH_CONDITIONS: values.pop("conditions"),
            VoteValue.AGAINST: values.pop("reason"),
        }
        return values | {"text": texts.get(values["value"], "")}


class OwnVoteInput(VoteInput):
    """A vote given on one's own device; the key makes a double submit harmless. `seat` is one that is represented."""

    idempotency_key = Line(required=True, max_length=64)
    seat = Line(load_default=None, max_length=40)


class TypedVoteInput(VoteInput):
    """A vote said aloud for a seat; `person` names a suppléant who sits after a déport."""

    seat = Line(required=True, max_length=40)
    person = Line(load_default=None, max_length=40)


class CloseBallotInput(Input):
    """Closing; `confirm_missing` says that the seats without a vote were read and accepted."""

    version = fields.Integer(required=True)
    confirm_missing = fields.Boolean(load_default=False)


class OpinionInput(Input):
    """The opinion of the cellule, with what the minutes print beside it."""

    version = fields.Integer(required=True)
    code = fields.Enum(
        OpinionCode, required=True, by_value=True, error_messages={"required": "Choisissez l’avis rendu."}
    )
    conditions = HeldLines(load_default=())
    reasons = Paragraphs(load_default="")
    awaited = HeldLines(load_default=())
    dissent = Paragraphs(load_default="")

    @pre_load
    def drop_empty(self, data: Any, **options: Any) -> dict[str, Any]:
        """Gather the rows of what the opinion holds beside the plain fields."""
        values: dict[str, Any] = super().drop_empty(data, **options)
        return values | {name: rows for name in ("conditions", "awaited") if (rows := gather_rows(data, name))}

    @post_load
    def one_wording(self, values: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Keep in the minutes what is held: an adjournment says what it waits for, before its other reasons."""
        held = {
            OpinionCode.FAVOURABLE_WITH_CONDITIONS: values.pop("conditions"),
            OpinionCode.ADJOURNED: values.pop("awaited"),
        }.get(values["code"], ())
        if values["code"] is OpinionCode.ADJOURNED:
            values["reasons"] = "\n".join(text for text in (wording(held), values["reasons"]) if text)
        elif held:
            values["conditions"] = wording(held)
        return values | {"held": held}


class DiscussionInput(Input):
    """The note taken on a case during the séance, and the stored text that its writer started from.

    `keep` says which text remains when two people changed the same paragraph; `ancestor` is what both had
    started from.
    """

    discussion = Paragraphs(load_default="", max_length=8000)
    base = Paragraphs(load_default="", max_length=20_000)
    ancestor = Paragraphs(load_default="", max_length=20_000)
    keep = fields.Enum(Keep, load_default=None, by_value=True)


class PauseInput(Input):
    """A break, and how long it should last if that is said."""

    minutes = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1, max=180))


class ActionInput(Input):
    """A thing to do: by whom, what, before when."""

    owner = Line(required=True, max_length=40)
    text = Line(required=True, max_length=300)
    due_on = FrenchDate(required=True)


class VersionInput(Input):
    """An act without other input, on the séance as its page showed it."""

    version = fields.Integer(required=True)


class AttendanceInput(Input):
    """Who sits in a seat, and how."""

    version = fields.Integer(required=True)
    state = fields.Enum(AttendanceState, required=True, by_value=True)
    mode = fields.Enum(AttendanceMode, load_default=None, by_value=True)
    person = Line(load_default=None, max_length=40)
    proxy_seat = Line(load_default=None, max_length=40)
    left = fields.Boolean(load_default=False)
    # The same person comes back, whatever the form's other fields say.
    back = fields.Boolean(load_default=False)


class SetAsideInput(Input):
    """Who takes no part in a case, and why in general: a code, nothing about anybody."""

    person = Line(required=True, max_length=40, error_messages={"required": "Choisissez la personne."})
    reason = fields.Enum(
        RecusalReason, required=True, by_value=True, error_messages={"required": "Choisissez la raison."}
    )


class TakeBackInput(Input):
    """The déport that ends."""

    recusal = Line(required=True, max_length=40)


class ChairInput(Input):
    """The seat that chairs the séance."""

    version = fields.Integer(required=True)
    seat = Line(required=True, max_length=40)


class RuleAnswerInput(Input):
    """A member's answer to a point to check; a refusal carries its reason."""

    group = fields.Enum(StatusGroup, required=True, by_value=True)
    rule_id = Line(required=True, max_length=20)
    accepted = fields.Boolean(required=True)
    reason = Paragraphs(load_default="", max_length=1000)


class OverrideInput(Input):
    """An ineligibility set aside, and why."""

    group = fields.Enum(StatusGroup, required=True, by_value=True)
    rule_id = Line(required=True, max_length=20)
    reason = Paragraphs(load_default="", max_length=1000)
