"""The one input contract: what is refused, in which words, and that nothing typed is lost."""

from datetime import date

import pytest
from flask import Flask
from marshmallow import fields

from pdp.core.errors import InvalidInput, RuleViolation
from pdp.web import forms
from pdp.web.forms import FrenchDate, Input, Line, Paragraphs


class Sample(Input):
    """A form with one field of each kind."""

    name = Line(required=True, max_length=10)
    text = Paragraphs()
    day = FrenchDate()
    count = fields.Integer()
    labels = fields.List(fields.String())


@pytest.fixture
def bare() -> Flask:
    return Flask("bare")


def read(app: Flask, **typed: object) -> forms.Form:
    with app.test_request_context("/", method="POST", data=typed):
        return forms.read(Sample())


@pytest.mark.parametrize("typed", ["2026-03-03", "03/03/2026", "3/3/2026", " 03/03/2026 "])
def test_a_date_is_read_as_people_write_it(bare: Flask, typed: str) -> None:
    assert read(bare, name="a", day=typed).values["day"] == date(2026, 3, 3)


@pytest.mark.parametrize("typed", ["30/02/2026", "2026-13-01", "demain", "03/03"])
def test_a_date_that_does_not_exist_is_said_so_and_kept(bare: Flask, typed: str) -> None:
    form = read(bare, name="a", day=typed)
    assert form.errors == {"day": ["Cette date n’existe pas. Écrivez-la ainsi : 03/03/2026."]}
    assert form.value("day") == typed


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "31/12/0206", "1899-12-31", "2200-01-01"])
def test_a_year_that_nobody_means_is_refused_before_days_are_counted_from_it(bare: Flask, typed: str) -> None:
    form = read(bare, name="a", day=typed)
    assert form.errors == {"day": ["Vérifiez l’année\u00a0: une date va de 1900 à 2199."]}
    assert form.value("day") == typed


@pytest.mark.parametrize("typed", ["1900-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_that_may_be_meant_are_read(bare: Flask, typed: str) -> None:
    assert read(bare, name="a", day=typed).values["day"] == date.fromisoformat(typed)


@pytest.mark.parametrize("character", ["\x00", "\x07", "\u200b", "\u202e", "\ue000"])
def test_invisible_characters_are_refused(bare: Flask, character: str) -> None:
    assert "caractère invisible" in read(bare, name=f"a{character}b").errors["name"][0]


def test_names_are_trimmed_and_composed(bare: Flask) -> None:
    assert read(bare, name="  He\u0301le\u0300ne ").values["name"] == "Hélène"


def test_a_letter_with_endless_accents_is_refused_before_they_are_put_in_order(bare: Flask) -> None:
    # Put in order, these 400,000 signs take more than a minute: the square of their number.
    endless = "a" + "\u0301\u0316" * 200_000
    for name in ("name", "text"):
        form = read(bare, **({"name": "a"} | {name: endless}))
        assert form.errors == {name: ["Une lettre de ce texte porte trop d’accents\u00a0: recopiez-le à la main."]}
    assert read(bare, name="a", text="Việt Nam, e\u0323\u0302").values["text"] == "Việt Nam, \u1ec7"


def test_too_long_missing_and_not_a_number_speak_french(bare: Flask) -> None:
    assert read(bare, name="x" * 11).errors == {"name": ["10 caractères au plus."]}
    assert read(bare).errors == {"name": ["Ce champ est obligatoire."]}
    assert read(bare, name="a", count="douze").errors["count"] == ["Un nombre entier est attendu, par exemple 14."]


def test_unknown_names_are_ignored_and_lists_are_whole(bare: Flask) -> None:
    form = read(bare, name="a", is_admin="1", labels=["x", "", "y"])
    assert form.values == {"name": "a", "labels": ["x", "y"]}
    assert form.all_values("labels") == ["x", "", "y"]


def test_line_ends_are_normalised_and_hostile_text_is_kept_as_it_is(bare: Flask) -> None:
    typed = "un\r\ndeux <script>{{ 7*7 }}</script> =HYPERLINK()"
    assert read(bare, name="a", text=typed).values["text"] == typed.replace("\r\n", "\n")


def test_a_refusal_of_the_domain_becomes_an_error_of_the_form(bare: Flask) -> None:
    def invalid(_values: object) -> None:
        raise InvalidInput({"name": ["Déjà pris."]})

    def refused(_values: object) -> None:
        raise RuleViolation("Ce scrutin est clos.")

    with bare.test_request_context("/", method="POST", data={"name": "a"}):
        assert forms.submit(Sample(), invalid)[0].errors == {"name": ["Déjà pris."]}
        assert forms.submit(Sample(), refused)[0].errors == {"_form": ["Ce scrutin est clos."]}
