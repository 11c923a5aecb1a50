"""The three formats of a document. A renderer takes a document, already redacted, and nothing else."""

from pdp.core.office.renderer import DOCX, Renderer
from pdp.core.seal import sealed
from pdp.minutes.document import Document
from pdp.minutes.render.docx import render_docx
from pdp.minutes.render.odt import render_odt
from pdp.minutes.render.pdf import render_pdf

RENDERERS: dict[str, Renderer[Document]] = {
    "pdf": Renderer("application/pdf", "pdf", render_pdf, sealed),
    "docx": Renderer(DOCX, "docx", render_docx),
    "odt": Renderer("application/vnd.oasis.opendocument.text", "odt", render_odt),
}
