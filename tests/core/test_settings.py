"""An unsafe installation does not start."""

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
