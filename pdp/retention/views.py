"""How long a file is kept, and how it is deleted: clocks, holds, two phases, the journal of erasures."""

from flask import Blueprint

bp = Blueprint("retention", __name__)
