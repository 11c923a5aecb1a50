"""Words of the reviews of accesses."""

from pdp.core.enums import Labelled


class LineDecision(Labelled):
    """What was decided of an access under review."""

    KEPT = "kept", "accès confirmé"
    ENDED = "ended", "accès retiré"
