"""Composition root of the worker: settings → logs, clock, database → the Celery application."""

from celery import Celery
from celery.signals import setup_logging, worker_process_init

from config.celery import celery_settings
from config.logging import configure
from config.settings import Settings
from grants import clock, db
from worker.schedule import SCHEDULE

settings = Settings.from_environment()
clock.set_offset(settings.clock_offset)
db.connect(settings.database_url)

app = Celery("palabre", include=["worker.tasks"])
app.conf.update(celery_settings(settings), beat_schedule=SCHEDULE)


@setup_logging.connect
def _log_as_json(**_: object) -> None:
    """Having a receiver here also keeps Celery from setting up its own logs."""
    configure()


@worker_process_init.connect
def _leave_parents_connections(**_: object) -> None:
    """A connection may not be shared by two processes: a forked child forgets those that its parent opened."""
    db.engine().dispose(close=False)
