"""Composition of the doors of the worker, and how long its queue is."""

from typing import Any

from grants.delivery.doors import open_doors
from grants.services.keeper import handlers
from worker.app import app, settings

DOORS = open_doors(
    base_url=settings.base_url,
    mail_from=settings.mail_from,
    smtp_url=settings.smtp_url,
    mailbox_dir=settings.mailbox_dir,
    blob_dir=settings.blob_dir,
    scan_url=settings.scan_url,
)
HANDLERS = handlers(DOORS)


def waiting() -> int:
    """How many tasks stand in the queue."""
    with app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        # not passive: to Redis an empty queue is a queue that does not exist
        return int(channel.queue_declare(queue=app.conf.task_default_queue).message_count)
