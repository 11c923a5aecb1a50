"""What stops a demo."""


class DemoError(RuntimeError):
    """The demo may not run here, or a step of it failed; the message says why and what to do."""
