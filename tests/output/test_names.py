"""No name of a person in a title, an address or a file name, whatever the page and whoever opens it."""

import html
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from pdp.accounts.models import User
from pdp.cases.models import InsuredPerson
from pdp.cases.rules.search import fold
from pdp.policy.roles import Role
from tests.access.places import parameters
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
# An `otpauth:` address is for the person's own application, and names them to themselves.
ADDRESS = re.compile(r'\s(?:href|src|action|formaction|hx-[a-z]+|data-[a-z-]*url)="(?!otpauth:)([^"]*)"')
GET_FORM = re.compile(r'<form[^>]*method="get".*?</form>', re.DOTALL)
FREE_TEXT = re.compile(r'<textarea|<input[^>]*type="(?:text|search|email|tel|url|password)"')


def names(world: World) -> set[str]:
    """Return what tells who someone is: names, towns and addresses of the insured and of the members."""
    with as_owner() as session:
        insured = session.execute(select(InsuredPerson.family_name, InsuredPerson.given_name, InsuredPerson.town))
        members = session.execute(select(User.family_name, User.email))
        found = {fold(word) for row in (*insured, *members) for word in row if word}
    assert len(found) > 30
    return found


def places(answer: TestResponse) -> Iterator[str]:
    """Yield what a browser keeps, shows in a bar or sends on: title, addresses, file name, redirection."""
    yield answer.headers.get("Location", "")
    yield answer.headers.get("Content-Disposition", "")
    if answer.mimetype == "text/html":
        page = answer.get_data(as_text=True)
        yield from re.findall(r"<title>(.*?)</title>", page, re.DOTALL)
        yield from (found for found in ADDRESS.findall(page) if not found.startswith(("mailto:", "tel:")))


def pages(app: Flask, world: World) -> list[tuple[Rule, str]]:
    known, adapter = parameters(world), app.url_map.bind("localhost")
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint != "static"]
    with app.test_request_context():
        return [(rule, adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})) for rule in rules]


@pytest.mark.parametrize("role", [Role.SERVICE_SOCIAL, Role.CPAM, Role.COORDINATEUR, Role.CAP_EMPLOI, Role.DPO])
def test_no_title_address_or_file_name_holds_a_name(
    role: Role, app: Flask, world: World, sign_in_as: SignIn, figure: Callable[[str, object], None]
) -> None:
    client, known, scanned, opened = sign_in_as(f"a.{role}"), names(world), 0, 0
    for rule, path in pages(app, world):
        answer = client.get(path)
        opened += answer.status_code == 200
        for place in places(answer):
            scanned += 1
            told = fold(html.unescape(place))
            assert not [name for name in known if name in told], f"{rule.rule}: {place}"
    figure("output.names", f"{role} {scanned} titles, addresses and file names of {opened} pages, 0 names")


def test_no_form_puts_what_is_typed_in_its_address(app: Flask, world: World, sign_in_as: SignIn) -> None:
    client, forms = sign_in_as("a.service_social"), 0
    for rule, path in pages(app, world):
        answer = client.get(path)
        for form in GET_FORM.findall(answer.get_data(as_text=True)) if answer.mimetype == "text/html" else ():
            forms += 1
            assert not FREE_TEXT.search(form), f"{rule.rule}: a text typed there ends in an address"
    assert forms >= 2
