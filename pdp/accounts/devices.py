"""Say a browser and its system as their holder would: « Firefox sous Windows ». Nothing finer is kept."""

UNKNOWN = "Navigateur inconnu"

# Each name hides in the words of those after it: Edge says that it is Chrome, which says that it is Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "sur iPhone"),
    ("iPad", "sur iPad"),
    ("Android", "sous Android"),
    ("Windows", "sous Windows"),
    ("CrOS", "sous ChromeOS"),
    ("Mac OS X", "sous macOS"),
    ("Linux", "sous Linux"),
)


def describe(user_agent: str) -> str:
    """Return the browser and the system of a User-Agent header: a few words of ours, never a text of its own."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), UNKNOWN)
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser} {system}".strip()
