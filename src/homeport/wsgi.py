"""What Gunicorn loads, once, before it forks: the application of this environment."""

import os

from homeport.app import create_app, prepare
from homeport.logs import configure
from homeport.settings import Settings

settings = Settings.from_env(os.environ, needs=("DB_URI", "FLASK_KEY"))
configure(settings.logs)
app = create_app(settings)
prepare(app)
