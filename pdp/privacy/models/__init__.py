"""Tables of `privacy`, one file per concern."""

from pdp.privacy.models.pack import AccessPack, PackMask, PackPart
from pdp.privacy.models.register import RightsRequest

__all__ = ["AccessPack", "PackMask", "PackPart", "RightsRequest"]
