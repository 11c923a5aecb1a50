"""The providers' file: what it may hold, and what keeps the product from starting."""

from dataclasses import replace
from pathlib import Path

import pytest

from pdp.app import create_app
from pdp.federation import providers
from pdp.federation.enums import ProviderKind
from pdp.settings import Settings, SettingsError
from tests.federation.conftest import table

HTTPS = "https://idp.example.org"


def settings(tmp_path: Path, text: str, *, production: bool = False, public_url: str = "") -> Settings:
    file = tmp_path / "providers.toml"
    file.write_text(text, encoding="utf-8")
    return Settings(
        database_url="sqlite://",
        secret_key="s" * 40,
        encryption_keys={1: bytes(range(32))},
        instance=tmp_path,
        production=production,
        public_url=public_url,
        providers=str(file),
    )


def test_without_a_file_there_is_no_provider(tmp_path: Path) -> None:
    assert providers.load(replace(settings(tmp_path, ""), providers="")) == ()


def test_presets_fill_what_the_kind_implies(tmp_path: Path) -> None:
    text = table("pc", "proconnect", HTTPS) + table("psc", "pro_sante_connect", HTTPS + "/psc").replace(
        'label = "Psc"\n', ""
    )
    proconnect, psc = providers.load(settings(tmp_path, text))
    assert proconnect.kind is ProviderKind.PROCONNECT
    assert "siret" in proconnect.scopes
    assert proconnect.token_auth == "client_secret_post"
    assert (psc.label, psc.required_acr, psc.two_factor_acr) == ("Pro Santé Connect", ("eidas1",), ())


def test_a_secret_is_never_shown_with_the_provider(tmp_path: Path) -> None:
    (found,) = providers.load(settings(tmp_path, table("a", "generic", HTTPS)))
    assert found.client_secret == "un-secret-bien-long"
    assert found.client_secret not in repr(found)


GOOD = table("a", "generic", HTTPS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must hold"),
        ("[[provider]", "TOML"),
        ("[provider]\nname = 'a'\n", "must hold"),
        ("provider = [1]\n", "must hold"),
        (GOOD + "autre = 1\n", "unknown settings: autre"),
        ("autre = 1\n" + GOOD, "must hold"),
        (GOOD.replace('"generic"', '"saml"'), "kind of a"),
        (GOOD.replace('name = "a"', 'name = "A b"'), "name"),
        (GOOD.replace('name = "a"', "name = 1"), "name"),
        (GOOD.replace('client_secret = "un-secret-bien-long"\n', ""), "lacks client_secret"),
        (GOOD.replace(f'issuer = "{HTTPS}"\n', ""), "lacks issuer"),
        (GOOD.replace('client_id = "cellule-pdp"', "client_id = 1"), "client_id of a must be a text"),
        (GOOD + 'scopes = "openid"\n', "scopes of a must be a list"),
        (GOOD + 'scopes = ["email"]\n', "must hold openid"),
        (GOOD + 'algorithms = ["none"]\n', "algorithms"),
        (GOOD + 'algorithms = ["HS256"]\n', "algorithms"),
        (GOOD + "algorithms = []\n", "algorithms"),
        (GOOD + 'token_auth = "none"\n', "token_auth"),
        (GOOD + 'organisations = ["caf"]\n', "organisations"),
        (GOOD + GOOD, "same name"),
        (GOOD + table("b", "generic", HTTPS), "same issuer"),
        (GOOD.replace("https://", "http://"), "https"),
        (GOOD.replace(HTTPS, "https://"), "https"),
        (GOOD.replace(HTTPS, HTTPS + "/?a=1"), "https"),
    ],
)
def test_a_malformed_file_keeps_the_product_from_starting(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        create_app(settings(tmp_path, text), testing=True)


def test_a_file_that_is_not_there_keeps_the_product_from_starting(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        providers.load(replace(settings(tmp_path, ""), providers=str(tmp_path / "nulle-part.toml")))


def test_production_takes_neither_a_plain_line_nor_an_address_that_the_visitor_gives(tmp_path: Path) -> None:
    local = table("a", "generic", "http://127.0.0.1:20000")
    assert providers.load(settings(tmp_path, local))
    with pytest.raises(SettingsError, match="https"):
        providers.load(settings(tmp_path, local, production=True, public_url="https://pdp.example.org"))
    with pytest.raises(SettingsError, match="PDP_PUBLIC_URL"):
        providers.load(settings(tmp_path, GOOD, production=True))
