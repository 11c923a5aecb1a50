"""The WSGI entry point: `gunicorn wsgi:app`."""

from pdp.app import create_app, open_database
from pdp.settings import Settings

settings = Settings.from_env()
open_database(settings)
app = create_app(settings)
