"""The colours of the printed documents, as the office formats write them (the PDF has its own file)."""

from pdp.minutes.enums import OpinionCode

INK = "16272C"
INK_2 = "43565C"
RULE = "BAC7C7"
PRUNE = "64225A"
WHITE = "FFFFFF"

TONES: dict[OpinionCode, str] = {
    OpinionCode.FAVOURABLE: "17693A",
    OpinionCode.FAVOURABLE_WITH_CONDITIONS: "17693A",
    OpinionCode.UNFAVOURABLE: "A1232B",
    OpinionCode.ADJOURNED: "874A00",
    OpinionCode.NO_OBJECT: INK_2,
    OpinionCode.REORIENTED: INK_2,
}
