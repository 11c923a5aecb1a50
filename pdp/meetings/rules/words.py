"""Small pieces of French shared by the sentences of a séance."""


def plural(count: int, singular: str, many: str | None = None) -> str:
    """Return the count with its noun: 0 and 1 take the singular, as French does."""
    noun = singular if count < 2 else many or f"{singular}s"
    return f"{count} {noun}"
