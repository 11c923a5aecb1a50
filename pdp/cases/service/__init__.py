"""Use cases of cases. Other features call `read_case`; see the note at the top of `pdp.cases`."""

from pdp.cases.service.reading import read_case, view_of

__all__ = ["read_case", "view_of"]
