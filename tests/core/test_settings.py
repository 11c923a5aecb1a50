"""An unsafe installation does not start."""

import hashlib
from pathlib import Path

import pytest

from pdp.settings import Settings, SettingsError, parse_keys

GOOD_KEY = "1:" + "ab" * 32


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.setenv("PDP_INSTANCE", str(tmp_path))
    monkeypatch.setenv("PDP_SECRET_KEY", "s" * 32)
    monkeypatch.setenv("PDP_KEYS", GOOD_KEY)
    monkeypatch.delenv("PDP_DATABASE_URL", raising=False)
    monkeypatch.delenv("PDP_ENV", raising=False)
    return monkeypatch


def test_sqlite_in_the_instance_folder_is_the_default(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Settings.from_env().database_url == f"sqlite:///{tmp_path / 'pdp.db'}"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PDP_SECRET_KEY", "short", "PDP_SECRET_KEY"),
        ("PDP_KEYS", "", "PDP_KEYS"),
        ("PDP_KEYS", "1:abcd", "PDP_KEYS"),
        ("PDP_KEYS", "one:" + "ab" * 32, "malformed"),
    ],
)
def test_a_weak_secret_is_refused(environment: pytest.MonkeyPatch, name: str, value: str, message: str) -> None:
    environment.setenv(name, value)
    with pytest.raises(SettingsError, match=message):
        Settings.from_env()


def test_demo_mode_refuses_production(tmp_path: Path) -> None:
    settings = Settings("sqlite://", "s" * 32, parse_keys(GOOD_KEY), tmp_path, demo=True, production=True)
    with pytest.raises(SettingsError, match="demo"):
        settings.refuse_unsafe()


@pytest.mark.parametrize(
    ("server", "sender", "site", "production", "fits"),
    [
        ("smtps://u:p@mail.example.org", "pdp@example.org", "https://pdp.example.org", True, True),
        ("smtp://127.0.0.1:25", "pdp@example.org", "http://localhost:8000", False, True),
        ("smtp://127.0.0.1:25", "pdp@example.org", "http://pdp.example.org", True, False),
        ("mail.example.org:25", "pdp@example.org", "https://pdp.example.org", False, False),
        ("smtps://mail.example.org", "", "https://pdp.example.org", False, False),
        ("smtps://mail.example.org", "pdp@example.org", "", False, False),
    ],
)
def test_a_mail_server_comes_with_a_sender_and_the_address_of_the_site(
    environment: pytest.MonkeyPatch, server: str, sender: str, site: str, production: bool, fits: bool
) -> None:
    for name, value in (("PDP_SMTP_URL", server), ("PDP_MAIL_FROM", sender), ("PDP_PUBLIC_URL", site)):
        environment.setenv(name, value)
    environment.setenv("PDP_ENV", "production" if production else "")
    environment.setenv("PDP_SECRET_KEY", hashlib.sha256(b"a secret of these tests").hexdigest())
    environment.setenv("PDP_KEYS", "1:" + hashlib.sha256(b"a key of these tests").hexdigest())
    if fits:
        assert Settings.from_env().smtp_url == server
        return
    with pytest.raises(SettingsError, match="PDP_SMTP_URL"):
        Settings.from_env()


def test_a_misspelt_environment_is_refused_rather_than_taken_for_a_developer_s(
    environment: pytest.MonkeyPatch,
) -> None:
    for word in ("prod", "Production", "production "):
        environment.setenv("PDP_ENV", word)
        with pytest.raises(SettingsError, match="PDP_ENV"):
            Settings.from_env()
    environment.setenv("PDP_ENV", "development")
    assert not Settings.from_env().production


def test_the_public_address_of_a_production_is_https_even_without_mails(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PDP_ENV", "production")
    environment.setenv("PDP_SECRET_KEY", hashlib.sha256(b"a secret of these tests").hexdigest())
    environment.setenv("PDP_KEYS", "1:" + hashlib.sha256(b"a key of these tests").hexdigest())
    for address in ("http://pdp.example.org", "pdp.example.org", "https://"):
        environment.setenv("PDP_PUBLIC_URL", address)
        with pytest.raises(SettingsError, match="PDP_PUBLIC_URL"):
            Settings.from_env()
    environment.setenv("PDP_PUBLIC_URL", "https://pdp.example.org")
    assert Settings.from_env().secure_cookies


def test_settings_shown_hold_no_secret(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PDP_DATABASE_URL", "postgresql://pdp:hunter2@localhost/pdp")
    shown = repr(Settings.from_env())
    assert "hunter2" not in shown
    assert "sss" not in shown
    assert "\\xab" not in shown
