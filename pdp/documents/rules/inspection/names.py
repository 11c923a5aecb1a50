"""What a file's name may say. Only its ending is ever used; the name itself is not kept."""

import unicodedata

from pdp.documents.enums import MediaType
from pdp.documents.rules.inspection.refusals import Reason, Unfit

ENDINGS: dict[str, MediaType] = {
    "pdf": MediaType.PDF,
    "png": MediaType.PNG,
    "jpg": MediaType.JPEG,
    "jpeg": MediaType.JPEG,
    "docx": MediaType.DOCX,
    "odt": MediaType.ODT,
    "txt": MediaType.TEXT,
}
_LONGEST = 200
# Endings that no honest name carries before its own: « avis.exe.pdf ».
_DECOYS = frozenset((
    "exe", "com", "scr", "bat", "cmd", "ps1", "vbs", "js", "jse", "wsf", "hta", "lnk", "jar", "msi", "dll",
    "elf", "sh", "php", "html", "htm", "mht", "svg", "xml", "docm", "dotm", "xlsm", "doc", "xls", "rtf", "zip",
    "7z", "rar", "iso", "wasm"
))  # fmt: skip
_FORBIDDEN = frozenset('/\\:*?"<>|')


def declared(file_name: str) -> MediaType | None:
    """Return the format that the ending of a name announces, None for one that is not accepted.

    Raises `Unfit` for a name that hides something: path, control or invisible character, double ending.
    """
    if not file_name or len(file_name) > _LONGEST or _FORBIDDEN & set(file_name):
        raise Unfit(Reason.NAME)
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} for character in file_name):
        raise Unfit(Reason.NAME)
    stem, *endings = file_name.casefold().split(".")
    if not stem or not endings:
        raise Unfit(Reason.NAME)
    if _DECOYS & {part.strip() for part in endings[:-1]}:
        raise Unfit(Reason.ENDING)
    return ENDINGS.get(endings[-1])
