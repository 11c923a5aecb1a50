"""The colour of each opinion, as the office formats write it."""

from pdp.core.office.palette import INK_2
from pdp.minutes.enums import OpinionCode

TONES: dict[OpinionCode, str] = {
    OpinionCode.FAVOURABLE: "17693A",
    OpinionCode.FAVOURABLE_WITH_CONDITIONS: "17693A",
    OpinionCode.UNFAVOURABLE: "A1232B",
    OpinionCode.ADJOURNED: "874A00",
    OpinionCode.NO_OBJECT: INK_2,
    OpinionCode.REORIENTED: INK_2,
}
