"""Edit a block of a case, or a row of it; a stale form comes back with both texts."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from marshmallow import Schema

from pdp.cases import service
from pdp.cases.schemas import BLOCK_SCHEMAS, ROW_SCHEMAS, RemovalInput
from pdp.cases.service import Editable
from pdp.cases.views import bp, fields
from pdp.core.errors import Conflict, NotFound
from pdp.policy.permissions import Permission
from pdp.web import forms
from pdp.web.guards import current_actor, requires

# What the « Reprendre ma saisie » button of a conflict posts.
RESUME = "reprendre"


@bp.get("/dossiers/<case_id>/modifier/<block>")
@requires(Permission.CASE_WRITE)
def edit_block(case_id: str, block: str) -> str:
    """Show a block as a form."""
    editable = service.read_block(current_actor(), case_id, block)
    return _form_page(editable, BLOCK_SCHEMAS[block](), forms.Form(fields.raw(editable.values)))


@bp.post("/dossiers/<case_id>/modifier/<block>")
@requires(Permission.CASE_WRITE)
def edit_block_post(case_id: str, block: str) -> Any:
    """Save a block."""
    actor = current_actor()
    return _save(
        _schema(BLOCK_SCHEMAS, block),
        case_id,
        lambda values: service.edit_block(actor, case_id, block, **values),
        lambda: service.read_block(actor, case_id, block),
    )


@bp.get("/dossiers/<case_id>/ajouter/<kind>")
@requires(Permission.CASE_WRITE)
def add_row(case_id: str, kind: str) -> str:
    """Show the form of a new row."""
    editable = service.read_row(current_actor(), case_id, kind, None)
    schema = ROW_SCHEMAS[kind]()
    ticked = {field.name: "1" for field in fields.of(schema) if field.checked}
    return _form_page(editable, schema, forms.Form(ticked))


@bp.post("/dossiers/<case_id>/ajouter/<kind>")
@requires(Permission.CASE_WRITE)
def add_row_post(case_id: str, kind: str) -> Any:
    """Add a row."""
    actor = current_actor()
    return _save(
        _schema(ROW_SCHEMAS, kind),
        case_id,
        lambda values: service.save_row(actor, case_id, kind, **values),
        lambda: service.read_row(actor, case_id, kind, None),
    )


@bp.get("/dossiers/<case_id>/modifier/<kind>/<row_id>")
@requires(Permission.CASE_WRITE)
def edit_row(case_id: str, kind: str, row_id: str) -> str:
    """Show a row as a form."""
    editable = service.read_row(current_actor(), case_id, kind, row_id)
    removal = url_for("cases.remove_row", case_id=case_id, kind=kind, row_id=row_id)
    return _form_page(editable, ROW_SCHEMAS[kind](), forms.Form(fields.raw(editable.values)), removal=removal)


@bp.post("/dossiers/<case_id>/modifier/<kind>/<row_id>")
@requires(Permission.CASE_WRITE)
def edit_row_post(case_id: str, kind: str, row_id: str) -> Any:
    """Save a row."""
    actor = current_actor()
    return _save(
        _schema(ROW_SCHEMAS, kind),
        case_id,
        lambda values: service.save_row(actor, case_id, kind, row_id, **values),
        lambda: service.read_row(actor, case_id, kind, row_id),
    )


@bp.get("/dossiers/<case_id>/retirer/<kind>/<row_id>")
@requires(Permission.CASE_WRITE)
def remove_row(case_id: str, kind: str, row_id: str) -> str:
    """Ask before a row is removed."""
    editable = service.read_row(current_actor(), case_id, kind, row_id)
    shown = fields.described(fields.of(ROW_SCHEMAS[kind]()), editable.values)
    back = url_for("cases.edit_row", case_id=case_id, kind=kind, row_id=row_id)
    return render_template("cases/remove_row.html", editable=editable, kind=kind, shown=shown, back=back)


@bp.post("/dossiers/<case_id>/retirer/<kind>/<row_id>")
@requires(Permission.CASE_WRITE)
def remove_row_post(case_id: str, kind: str, row_id: str) -> Any:
    """Remove a row."""
    form = forms.read(RemovalInput())
    service.remove_row(current_actor(), case_id, kind, row_id, version=form.values.get("version", ""))
    flash("C’est retiré. Le journal du dossier en garde la trace.", "success")
    return redirect(url_for("cases.show_case", case_id=case_id), 303)


def _schema(table: dict[str, Any], key: str) -> Schema:
    if key not in table:
        raise NotFound
    schema: Schema = table[key]()
    return schema


def _save(schema: Schema, case_id: str, act: Callable[[dict[str, Any]], None], reread: Callable[[], Editable]) -> Any:
    if request.form.get(RESUME):
        return _form_page(reread(), schema, forms.Form(request.form))
    try:
        form, _ = forms.submit(schema, act)
    except Conflict:
        return _conflict_page(reread(), schema), 409
    if form.errors:
        return _form_page(reread(), schema, form, version=str(form.value("version"))), 422
    flash("C’est enregistré.", "success")
    return redirect(url_for("cases.show_case", case_id=case_id), 303)


def _form_page(
    editable: Editable, schema: Schema, form: forms.Form, *, version: str | None = None, removal: str | None = None
) -> str:
    """Draw the form; after a refusal it keeps the version it was opened on."""
    found = fields.of(schema)
    return render_template(
        "cases/edit.html",
        editable=editable,
        fields=found,
        labels=fields.labels(found),
        form=form,
        version=editable.version if version is None else version,
        removal=removal,
    )


def _conflict_page(editable: Editable, schema: Schema) -> str:
    mine = forms.read(schema).values
    differing, same = fields.differences(fields.of(schema), mine, editable.values)
    return render_template(
        "cases/conflict.html",
        editable=editable,
        differing=differing,
        same=[(field, fields.raw(editable.values)[field.name]) for field in same],
        resume=RESUME,
    )
