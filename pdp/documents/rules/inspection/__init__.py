"""What a file is and may hold, found in its bytes; nothing is trusted that the sender says.

`inspect(body, file_name)` returns the format and the bytes to keep, or raises `Unfit`.
"""

from pdp.documents.rules.inspection.inspect import Fit, inspect
from pdp.documents.rules.inspection.refusals import Reason, Unfit

__all__ = ["Fit", "Reason", "Unfit", "inspect"]
