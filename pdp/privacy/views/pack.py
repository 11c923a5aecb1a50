"""Pages of a pack: its parts, what is hidden in them, sealing, and the file that is handed over."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as Answer

from pdp.policy.permissions import Permission
from pdp.privacy.enums.pack import MaskReason, WithheldReason
from pdp.privacy.schemas.pack import MaskInput, VersionInput, WithholdInput
from pdp.privacy.service import pack as service
from pdp.privacy.service import sealing
from pdp.privacy.views import bp
from pdp.web import forms
from pdp.web.forms import Form
from pdp.web.guards import allows, current_actor, proven, requires

_REASONS = [(word.value, f"Ce passage {word.label}") for word in MaskReason]
_WITHHELD = [(word.value, word.label) for word in WithheldReason]


@bp.post("/droits/<rights_id>/copie")
@requires(Permission.PACK_PREPARE)
def prepare_pack(rights_id: str) -> Answer:
    """Open the preparation of the copy, or begin it again."""
    form, _ = forms.submit(VersionInput(), lambda values: service.prepare(current_actor(), rights_id, **values))
    _say(form, "La copie est en préparation. Les services dont une partie dépend sont prévenus.")
    return redirect(url_for("privacy.show_request", rights_id=rights_id), 303)


@bp.get("/droits/parties/<part_id>")
@requires(Permission.PACK_RELEASE)
def show_part(part_id: str) -> str:
    """Show a part as the person will read it."""
    return _part_page(part_id, Form())


@bp.post("/droits/parties/<part_id>/remise")
@requires(Permission.PACK_RELEASE)
def release_part(part_id: str) -> Answer | tuple[str, int]:
    """Say that a part was read and may leave."""
    return _settled(part_id, VersionInput(), service.release, "Cette partie est relue : elle partira avec la copie.")


@bp.post("/droits/parties/<part_id>/reserve")
@requires(Permission.PACK_RELEASE)
def withhold_part(part_id: str) -> Answer | tuple[str, int]:
    """Keep a part out of the file."""
    return _settled(part_id, WithholdInput(), service.withhold, "Cette partie ne partira pas avec la copie.")


@bp.post("/droits/parties/<part_id>/reprise")
@requires(Permission.PACK_RELEASE)
def take_part_back(part_id: str) -> Answer | tuple[str, int]:
    """Open a part again."""
    return _settled(part_id, VersionInput(), service.take_back, "Cette partie est de nouveau à relire.")


@bp.get("/droits/parties/<part_id>/passages/<field_key>")
@requires(Permission.PACK_RELEASE)
def show_field(part_id: str, field_key: str) -> str:
    """Show the sentences of a text, to choose what is hidden."""
    return _field_page(part_id, field_key, Form())


@bp.post("/droits/parties/<part_id>/passages/<field_key>")
@requires(Permission.PACK_RELEASE)
def mask_field(part_id: str, field_key: str) -> Answer | tuple[str, int]:
    """Hide what was chosen of a text."""
    form, hidden = forms.submit(
        MaskInput(), lambda values: service.set_masks(current_actor(), part_id, field_key, **values)
    )
    if hidden is None:
        return _field_page(part_id, field_key, form), 422
    flash("Le passage est masqué." if hidden else "Rien n’est masqué dans ce texte.", "success")
    return redirect(url_for("privacy.show_part", part_id=part_id), 303)


@bp.post("/droits/<rights_id>/copie/scellement")
@requires(Permission.PACK_PREPARE)
@proven
def seal_pack(rights_id: str) -> Answer | str:
    """Seal the copy, and show its passphrase: this once, and nowhere else."""
    form, sealed = forms.submit(VersionInput(), lambda values: sealing.seal(current_actor(), rights_id, **values))
    if sealed is None:
        _say(form, "")
        return redirect(url_for("privacy.show_request", rights_id=rights_id), 303)
    return render_template("privacy/sealed.html", sealed=sealed)


@bp.get("/droits/<rights_id>/copie/fichier")
@requires(Permission.PACK_HAND_OVER)
@proven
def fetch_pack(rights_id: str) -> Response:
    """Send the sealed file, which the person alone can open."""
    name, body = sealing.fetch(current_actor(), rights_id)
    answer = Response(body, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _settled(part_id: str, schema: Schema, act: Callable[..., Any], done: str) -> Answer | tuple[str, int]:
    form, found = forms.submit(schema, lambda values: act(current_actor(), part_id, **values))
    if found is None:
        return _part_page(part_id, form), 422
    flash(done, "success")
    if allows("rights:read"):
        return redirect(url_for("privacy.show_request", rights_id=found.public_id), 303)
    return redirect(url_for("privacy.show_part", part_id=part_id), 303)


def _part_page(part_id: str, form: Form) -> str:
    page = service.read_part(current_actor(), part_id)
    return render_template("privacy/part.html", page=page, form=form, withheld_reasons=_WITHHELD)


def _field_page(part_id: str, field_key: str, form: Form) -> str:
    page = service.read_field(current_actor(), part_id, field_key)
    return render_template("privacy/field.html", page=page, form=form, reasons=_REASONS)


def _say(form: Form, done: str) -> None:
    """Flash what was done, or why it was not."""
    refusal = " ".join(text for texts in form.errors.values() for text in texts)
    flash(refusal or done, "error" if refusal else "success")
