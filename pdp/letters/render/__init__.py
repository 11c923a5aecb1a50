"""The formats of a letter: a PDF to print or send, and a Word document to keep working on."""

from pdp.core.office.renderer import DOCX, Renderer
from pdp.core.seal import sealed
from pdp.letters.render.docx import render_docx
from pdp.letters.render.pdf import render_pdf
from pdp.letters.rules.letter import Letter

RENDERERS: dict[str, Renderer[Letter]] = {
    "pdf": Renderer("application/pdf", "pdf", render_pdf, sealed),
    "docx": Renderer(DOCX, "docx", render_docx),
}
