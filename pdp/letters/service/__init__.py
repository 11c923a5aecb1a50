"""Use cases of letters: keep the texts of a cellule, produce a letter, record that it left."""

from pdp.letters.service.papers import list_papers
from pdp.letters.service.phrases import find_phrases
from pdp.letters.service.produce import prepare_letter, produce_letter
from pdp.letters.service.register import (
    Download,
    download,
    list_letters,
    open_letter,
    read_case_letters,
    record_sent,
)
from pdp.letters.service.texts import list_texts, preview_text, read_text, save_text

__all__ = [
    "Download",
    "download",
    "find_phrases",
    "list_letters",
    "list_papers",
    "list_texts",
    "open_letter",
    "prepare_letter",
    "preview_text",
    "produce_letter",
    "read_case_letters",
    "read_text",
    "record_sent",
    "save_text",
]
