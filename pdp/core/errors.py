"""The errors a use case may raise; `web.errors` turns each into a page, `cli` into a message."""


class DomainError(Exception):
    """A refusal that a person can understand. `message` is a French sentence, with the next step."""

    code = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(DomainError):
    """The thing does not exist, or the actor may not know that it exists: the answer is the same."""

    code = "not-found"

    def __init__(self, message: str = "Cette page n’existe pas, ou elle ne vous est pas ouverte.") -> None:
        super().__init__(message)


class Forbidden(NotFound):
    """The actor's role may not do this. Answered exactly like `NotFound`."""

    def __init__(self, permission: str) -> None:
        super().__init__()
        self.permission = permission


class AccessSuspended(DomainError):
    """The account opened too many cases today: it opens none until the suspension ends or is lifted."""

    code = "suspended"

    def __init__(self) -> None:
        super().__init__("L’accès aux dossiers est suspendu pour votre compte jusqu’à minuit.")


class RuleViolation(DomainError):
    """The act is against a rule of the field or of the workflow."""

    code = "rule"


class InvalidInput(DomainError):
    """The values do not fit. `errors` maps a field name to its French messages."""

    code = "invalid"

    def __init__(self, errors: dict[str, list[str]], message: str = "Le formulaire contient des erreurs.") -> None:
        super().__init__(message)
        self.errors = errors


class Conflict(DomainError):
    """Someone else changed the thing meanwhile. Nothing was written; both texts are shown."""

    code = "conflict"


class UnauditedWrite(RuntimeError):
    """A transaction wrote rows and left no journal entry: a programming error, never committed."""
