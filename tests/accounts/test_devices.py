"""A browser is told by a few words of ours, whatever its header says."""

import pytest

from pdp.accounts.devices import describe

_MOZILLA = "Mozilla/5.0"
SAID = {
    f"{_MOZILLA} (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0": "Firefox sous Windows",
    f"{_MOZILLA} (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0": "Firefox sous Linux",
    f"{_MOZILLA} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36": (
        "Chrome sous Windows"
    ),
    f"{_MOZILLA} (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0": "Edge sous Windows",
    f"{_MOZILLA} (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 OPR/115.0": "Opera sous Windows",
    f"{_MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15": (
        "Safari sous macOS"
    ),
    f"{_MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1": (
        "Safari sur iPhone"
    ),
    f"{_MOZILLA} (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 FxiOS/127.0 Safari/605.1.15": (
        "Firefox sur iPad"
    ),
    f"{_MOZILLA} (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36": (
        "Chrome sous Android"
    ),
    f"{_MOZILLA} (Linux; Android 14) SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/537.36": (
        "Samsung Internet sous Android"
    ),
    f"{_MOZILLA} (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36": "Chrome sous ChromeOS",
    "": "Navigateur inconnu",
    "<script>alert(1)</script>": "Navigateur inconnu",
    "curl/8.5.0 (Linux)": "Navigateur inconnu sous Linux",
}


@pytest.mark.parametrize(("user_agent", "words"), SAID.items())
def test_a_device_is_said_as_its_holder_would(user_agent: str, words: str) -> None:
    assert describe(user_agent) == words
