"""What recording a notice given, a contested information and a restriction accept."""

from marshmallow import fields

from pdp.policy.labels import Label
from pdp.privacy.enums.notices import FreezeGround, NoticeMeans, RectificationOutcome
from pdp.web.forms import FrenchDate, Input, Line, Paragraphs


class NoticeInput(Input):
    """A notice given; `proof` is a piece of the case."""

    notice = Line(required=True, max_length=20)
    given_on = FrenchDate(required=True)
    means = fields.Enum(NoticeMeans, by_value=True, required=True)
    given_by = Line(required=True, max_length=100)
    proof = Line(load_default="")


class RectificationInput(Input):
    """What the person contests."""

    label = fields.Enum(Label, by_value=True, required=True)
    field = Line(required=True, max_length=120)
    statement = Paragraphs(required=True, max_length=2000)
    asked_on = FrenchDate(required=True)


class DecisionInput(Input):
    """What is decided of it."""

    outcome = fields.Enum(RectificationOutcome, by_value=True, required=True)
    reason = Paragraphs(load_default="", max_length=1000)


class FreezeInput(Input):
    """A restriction of the processing, as the person asked for it."""

    ground = fields.Enum(FreezeGround, by_value=True, required=True)
    asked_on = FrenchDate(required=True)
    detail = Paragraphs(load_default="", max_length=1000)


class AnnounceInput(Input):
    """First step of the lifting: the person was told, when, how and why."""

    version = fields.Integer(required=True)
    informed_on = FrenchDate(required=True)
    means = fields.Enum(NoticeMeans, by_value=True, required=True)
    reason = Paragraphs(required=True, max_length=1000)


class LiftingInput(Input):
    """Second step: the version of the restriction that the reader saw."""

    version = fields.Integer(required=True)
