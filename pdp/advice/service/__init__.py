"""Use cases of opinions asked of partners; who reads what is told in the docstring of `pdp.advice`."""

from pdp.advice.service.answering import decline, reply
from pdp.advice.service.asking import ask, extend, prepare, revoke
from pdp.advice.service.reading import (
    Expected,
    list_expected,
    read_ask,
    read_request_advice,
    read_round,
    show_rounds,
    summarise,
)

__all__ = [
    "Expected",
    "ask",
    "decline",
    "extend",
    "list_expected",
    "prepare",
    "read_ask",
    "read_request_advice",
    "read_round",
    "reply",
    "revoke",
    "show_rounds",
    "summarise",
]
