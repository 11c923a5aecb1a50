"""The three formats of a document. A renderer takes a document, already redacted, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

from pdp.core.seal import sealed
from pdp.minutes.document import Document
from pdp.minutes.render.docx import render_docx
from pdp.minutes.render.odt import render_odt
from pdp.minutes.render.pdf import render_pdf


@dataclass(frozen=True, slots=True)
class Renderer:
    """A format: what it is called on the web, the end of its file names, and how it is made."""

    media_type: str
    extension: str
    render: Callable[[Document], bytes]
    finish: Callable[[bytes], bytes] = bytes

    def make(self, document: Document) -> bytes:
        """Return the file as it is kept and given out: rendered, then sealed where the format can be."""
        return self.finish(self.render(document))


RENDERERS: dict[str, Renderer] = {
    "pdf": Renderer("application/pdf", "pdf", render_pdf, sealed),
    "docx": Renderer("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", render_docx),
    "odt": Renderer("application/vnd.oasis.opendocument.text", "odt", render_odt),
}
