"""What the list without a debate accepts."""

from marshmallow import fields

from pdp.web.forms import Input


class ListedInput(Input):
    """The items ticked: the whole list, empty to clear it."""

    items = fields.List(fields.String(), load_default=list)
