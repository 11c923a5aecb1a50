"""Use cases of pieces; what other features call is listed in the docstring of `pdp.documents`."""

from pdp.documents.service.add import LIMITS, Added, add_document
from pdp.documents.service.reading import (
    Adding,
    Examined,
    Opened,
    ScannerState,
    examine,
    open_document,
    prepare,
    read_document,
    read_pieces,
    read_scanner,
)
from pdp.documents.service.review import review, withdraw
from pdp.documents.service.scan import scan_waiting
from pdp.documents.service.store import reseal

__all__ = [
    "LIMITS",
    "Added",
    "Adding",
    "Examined",
    "Opened",
    "ScannerState",
    "add_document",
    "examine",
    "open_document",
    "prepare",
    "read_document",
    "read_pieces",
    "read_scanner",
    "reseal",
    "review",
    "scan_waiting",
    "withdraw",
]
