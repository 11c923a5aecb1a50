"""Stored words with the French label shown for them."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A stored word and its French label: `OPEN = "open", "Ouvert"`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
