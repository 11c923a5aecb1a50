"""A format in which a document is given out, whatever the document says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Made = TypeVar("Made")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Renderer(Generic[Made]):
    """A format: what it is called on the web, the end of its file names, and how it is made."""

    media_type: str
    extension: str
    render: Callable[[Made], bytes]
    finish: Callable[[bytes], bytes] = bytes

    def make(self, document: Made) -> bytes:
        """Return the file as it is kept and given out: rendered, then sealed where the format can be."""
        return self.finish(self.render(document))
