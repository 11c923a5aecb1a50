"""Small pieces of French shared by the sentences of a séance."""

from collections.abc import Sequence


def plural(count: int, singular: str, many: str | None = None) -> str:
    """Return the count with its noun: 0 and 1 take the singular, as French does."""
    noun = singular if count < 2 else many or f"{singular}s"
    return f"{count} {noun}"


def listing(parts: Sequence[str]) -> str:
    """Join with commas and a last « et »: « a, b et c »."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} et {parts[-1]}"


def capitalised(text: str) -> str:
    """Return the text with its first letter in capital, the rest untouched."""
    return text[:1].upper() + text[1:]
