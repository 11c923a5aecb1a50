"""The one table of who reads which label, role by role (design note: access matrix).

A cell says what a role may do with a label *on the cases it has a relation to*; `visibility`
adds the relation and the sharing agreement. Deny by default: an absent cell is `-`.
"""

from enum import StrEnum

from pdp.policy.labels import Label
from pdp.policy.roles import Role


class Cell(StrEnum):
    """What a role may do with a label."""

    NONE = "-"
    READ = "R"
    WRITE = "RW"
    AGREED = "A"
    AGREED_WRITE = "AW"
    OWNER = "O"
    OWN = "own"
    READ_OWN = "R+own"
    META = "meta"


# ruff: noqa: E501 - the table is wider than a line of code, and reads better whole.
_TABLE = """
label         service_social manager service_medical cpam  coordinateur csam spst cap_emploi comete mdph oeth pilotage dpo admin
signal        RW             RW      RW              RW    R            RW   own  own        own    own  own  -        -   -
identity      RW             RW      R               R     R            RW   A    A          A      A    A    -        -   -
nir           R              R       R               R     -            R    -    -          -      -    -    -        -   -
employment    RW             RW      R               R     R            RW   AW   A          A      A    A    -        -   -
stoppage      RW             RW      R               RW    R            RW   A    A          A      -    A    -        -   -
allowance     R              R       R               RW    -            -    -    -          -      -    -    -        -   -
medical       -              -       RW              -     -            -    -    -          -      -    -    -        -   -
conclusion    R              R       RW              R     R            -    A    A          A      -    A    -        -   -
restrictions  R              R       R               R     R            -    AW   A          A      -    A    -        -   -
boeth         RW             RW      R               R     R            RW   A    AW         A      AW   A    -        -   -
social        O              O       -               -     -            -    -    -          -      -    -    -        -   -
plan          RW             RW      R               R     R            -    A    A          A      A    A    -        -   -
request       RW             RW      RW              RW    RW           -    AW   AW         AW     A    AW   -        -   -
agreements    RW             RW      RW              R     R            -    AW   A          A      -    A    -        -   -
ballot        R+own          R+own   R+own           R+own RW           -    own  own        own    own  own  -        -   -
opinion       R              R       R               R     RW           -    A    A          A      A    A    -        -   -
action        RW             RW      RW              RW    RW           -    own  own        own    own  own  -        -   -
decision      R              R       R               RW    R            -    A    A          A      -    A    -        -   -
outcome       RW             RW      R               R     RW           -    AW   AW         AW     -    AW   -        -   -
aggregate     R              R       R               R     R            R    own  own        own    own  own  R        R   -
journal       own            own     own             own   R            own  own  own        own    own  own  -        R   meta
"""


def _parse(table: str) -> dict[tuple[Role, Label], Cell]:
    head, *rows = [line.split() for line in table.strip().splitlines()]
    roles = [Role(name) for name in head[1:]]
    return {(role, Label(row[0])): Cell(cell) for row in rows for role, cell in zip(roles, row[1:], strict=True)}


READING = _parse(_TABLE)


def cell(role: Role, label: Label) -> Cell:
    """Return what `role` may do with `label`; `-` when the table is silent."""
    return READING.get((role, label), Cell.NONE)
