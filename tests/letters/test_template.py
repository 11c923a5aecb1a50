"""Templates of letters: fields and optional passages, and nothing that computes. No database."""

import itertools
from collections.abc import Callable

import pytest

from pdp.core import intimate
from pdp.letters.enums import LetterKind
from pdp.letters.reference import letter_of, shipped_texts
from pdp.letters.rules import template
from pdp.letters.rules.tags import REQUIRED, TAGS, allowed_in, examples
from pdp.policy.labels import Label

# What a template language, a shell, a page or a word processor might obey.
HOSTILE = (
    "{{avis}}",
    "{{{avis}}}",
    "{{&avis}}",
    "{{#avis}}x{{/avis}}",
    "{{^avis}}x{{/avis}}",
    "{{>partiel}}",
    "{{! commentaire }}",
    "{{=<% %>=}}<%avis%>",
    "{{avis.__class__.__mro__}}",
    "{{ self.__init__.__globals__ }}",
    "{{''.__class__.__mro__[1].__subclasses__()}}",
    "{{7*7}}",
    "{% import os %}{{ os.popen('id').read() }}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "#set($x=7*7)$x",
    "@(7*7)",
    "[[${7*7}]]",
    "*{7*7}",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt; &amp; \" '",
    '#import "style.typ": ink',
    '#read("/etc/passwd")',
    "#sys.inputs.document",
    "= Titre\n== Autre",
    "$ x^2 $",
    "\\u{41} \\#x",
    "</w:t></w:r><w:p>",
    "=cmd|' /C calc'!A0",
    "%(personne)s {0} {personne}",
    "`id` $(id) ; rm -rf /",
    "\\input{/etc/passwd}",
    "{{",
    "}}",
    "{",
    "}",
    "{{}}",
    "{{{}}}",
    "Anne\n\nMarie\tLe Goff’s « chat »",
)
PLACES = (
    "{{avis}}",
    "avant {{avis}} après",
    "{{#avis}}si {{avis}} alors{{/avis}}",
    "{{#motifs_avis}}\n{{avis}}\n{{/motifs_avis}}",
)


def test_a_hostile_value_comes_out_as_it_went_in(figure: Callable[[str, object], None]) -> None:
    told = 0
    for value, place in itertools.product(HOSTILE, PLACES):
        out = template.render(place, {"avis": value, "motifs_avis": value})
        assert value in out
        left = out.replace(value, "", 1)
        assert left.strip() in {"", "avant  après", "si  alors"}, (value, place)
        told += 1
    figure("letters.values", f"{told} hostile values printed as they were typed, {len(REFUSED)} templates refused")


# Hand-made: what may not be saved, and what the message must name.
REFUSED = (
    ("{{nom}}", "{{nom}} n’existe pas"),
    ("{{nom}} {{prenom}}", "{{nom}} et {{prenom}} n’existent pas"),
    ("{{decision}}", "{{decision}} n’existe pas"),
    ("{{voies_recours}}", "n’existe pas"),
    ("{{Personne}}", "Un champ s’écrit"),
    ("{{{personne}}}", "Un champ s’écrit"),
    ("{{&personne}}", "Un champ s’écrit"),
    ("{{>personne}}", "Un champ s’écrit"),
    ("{{!personne}}", "Un champ s’écrit"),
    ("{{^personne}}x{{/personne}}", "Un champ s’écrit"),
    ("{{=<% %>=}}", "Un champ s’écrit"),
    ("{{personne.full_name}}", "Un champ s’écrit"),
    ("{{personne.__class__}}", "Un champ s’écrit"),
    ("{{personne()}}", "Un champ s’écrit"),
    ("{{ personne | upper }}", "Un champ s’écrit"),
    ("{{7*7}}", "Un champ s’écrit"),
    ("{{", "Un champ s’écrit"),
    ("texte }}", "Un champ s’écrit"),
    ("{{{{personne}}}}", "Un champ s’écrit"),
    ("{{\npersonne}}", "Un champ s’écrit"),
    ("{{#personne}}x", "n’est pas fermé"),
    ("x{{/personne}}", "ne ferme aucun passage"),
    ("{{#personne}}{{#avis}}x{{/avis}}{{/personne}}", "n’est pas fermé avant"),
    ("{{#personne}}x{{/avis}}{{/personne}}", "ne ferme aucun passage"),
    ("rien", "doit contenir {{dispositif}} et {{date_seance}}"),
)


@pytest.mark.parametrize(("body", "said"), REFUSED, ids=[body for body, _ in REFUSED])
def test_a_template_that_does_anything_else_is_refused_with_the_reason(body: str, said: str) -> None:
    [message] = template.problems(LetterKind.FAVOURABLE, "Objet", body)["body"]
    assert said in message


def test_an_unknown_field_is_refused_with_the_fields_that_exist() -> None:
    [message] = template.problems(LetterKind.EMPLOYER, "Objet", "{{avis}}")["body"]
    for name in ("personne", "employeur", "dispositif", "periode"):
        assert f"{{{{{name}}}}}" in message


def test_what_a_refusal_must_say_cannot_be_left_out() -> None:
    body = shipped_texts()["courrier-refus"].body
    assert template.problems(LetterKind.REFUSAL, "Objet", body) == {}
    for name in ("motifs_refus", "voies_recours"):
        assert template.problems(LetterKind.REFUSAL, "Objet", body.replace(f"{{{{{name}}}}}", ""))
    # A passage that hangs on it, without printing it, is not enough.
    hidden = body.replace("{{voies_recours}}", "{{#voies_recours}}Vous pouvez faire un recours.{{/voies_recours}}")
    assert template.problems(LetterKind.REFUSAL, "Objet", hidden)


def test_the_letters_shipped_may_be_saved_and_say_all_that_they_must() -> None:
    letters = [text for text in shipped_texts().values() if letter_of(text.code)]
    assert len(letters) == len(LetterKind)
    for text in letters:
        kind = letter_of(text.code)
        assert kind is not None
        assert template.problems(kind, text.title, text.body) == {}
        out = template.render(text.body, examples(kind))
        assert "{{" not in out
        for name in REQUIRED[kind]:
            assert examples(kind)[name] in out + template.render(text.title, examples(kind))


def test_no_letter_can_name_what_is_medical_social_or_a_vote() -> None:
    labels = {tag.label for tag in TAGS}
    assert labels == {
        None,
        Label.IDENTITY,
        Label.EMPLOYMENT,
        Label.REQUEST,
        Label.OPINION,
        Label.DECISION,
        Label.ACTION,
    }
    # The employer learns neither the opinion nor the decision nor their reasons.
    to_employer = {tag.label for tag in allowed_in(LetterKind.EMPLOYER)}
    assert to_employer == {None, Label.IDENTITY, Label.EMPLOYMENT, Label.REQUEST}


def test_the_sentences_shipped_hold_no_intimate_word() -> None:
    for text in shipped_texts().values():
        assert intimate.find(f"{text.title} {text.body}", intimate.read_lexicon()) == (), text.code
