"""Sheets of a séance and packs of its recipients: read, printed, never kept."""

from pdp.packs.service.reading import PackPage, PrintedFile, SheetPage, print_pack, print_sheet, read_pack, read_sheet

__all__ = [
    "PackPage",
    "PrintedFile",
    "SheetPage",
    "print_pack",
    "print_sheet",
    "read_pack",
    "read_sheet",
]
