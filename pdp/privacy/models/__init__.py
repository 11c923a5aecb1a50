"""Tables of `privacy`, one file per concern."""

from pdp.privacy.models.freezing import ProcessingFreeze
from pdp.privacy.models.notices import NoticeGiven
from pdp.privacy.models.pack import AccessPack, PackMask, PackPart
from pdp.privacy.models.rectification import RecipientNotice, Rectification, RectificationDecision
from pdp.privacy.models.register import RightsRequest

__all__ = [
    "AccessPack",
    "NoticeGiven",
    "PackMask",
    "PackPart",
    "ProcessingFreeze",
    "RecipientNotice",
    "Rectification",
    "RectificationDecision",
    "RightsRequest",
]
