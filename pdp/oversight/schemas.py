"""What the DPO writes of an alert."""

from pdp.web.forms import Input, Paragraphs


class LookedInput(Input):
    """What was found."""

    comment = Paragraphs(required=True, max_length=1000)


class LiftInput(Input):
    """Why a suspension is lifted before its time."""

    reason = Paragraphs(required=True, max_length=1000)
