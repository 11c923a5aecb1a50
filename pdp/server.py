"""gunicorn with our options: threads, no control socket, nothing written in the home folder."""

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from pdp.core.logs import ScrubbingFormatter


class _Logger(Logger):  # type: ignore[misc]
    """gunicorn's own log, scrubbed like ours; requests are told by the application, not by gunicorn."""

    def setup(self, cfg: object) -> None:
        """Set our formatter on gunicorn's handlers."""
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(ScrubbingFormatter())

    def warning(self, msg: str, *args: object, **options: object) -> None:
        """Log a warning; a request that cannot be read is not quoted."""
        unreadable = "Invalid request"
        super().warning(unreadable if msg.startswith(unreadable) else msg, *args, **options)


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn started from Python, over an application already built."""

    def __init__(self, app: Flask, options: dict[str, object]) -> None:
        self.app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        """Set the options on gunicorn's configuration."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application to serve."""
        return self.app


def serve(app: Flask, *, host: str, port: int, workers: int) -> None:
    """Serve until stopped. Each worker opens its own connections after the fork."""
    options: dict[str, object] = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": 8,
        "worker_class": "gthread",
        "control_socket_disable": True,
        "post_fork": _forget_connections,
        "loglevel": "warning",
        "logger_class": _Logger,
    }
    _Server(app, options).run()


def _forget_connections(_server: object, _worker: object) -> None:
    from pdp.core import db

    db.bound().engine.dispose(close=False)
