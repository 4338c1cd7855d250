"""What runs by itself. A task is one statement: what it does stands in a service, when it does it in the schedule."""

from datetime import timedelta

from celery.signals import before_task_publish

from grants.services import decision, housekeeping, relay, reminder, scanning, screening
from grants.services import heartbeat as signs
from worker.app import app
from worker.handlers import DOORS, HANDLERS, waiting


@app.task
def relay_outbox() -> int:
    """Put a hint into the queue for every promise that is due."""
    return relay.enqueue_due(keep_promise.delay, waiting)


@app.task
def keep_promise(promise_id: int) -> bool:
    """Keep one promise, if nobody else does."""
    return relay.keep(promise_id, HANDLERS)


@app.task
def send_reminders() -> int:
    """Promise the reminders whose step has come."""
    return reminder.promise_due() if signs.take("send-reminders", timedelta(minutes=15)) else 0


@app.task
def heartbeat() -> None:
    """The queue works and somebody serves it."""
    signs.alive(signs.WORKER)


@app.task
def scan_waiting() -> dict[str, int]:
    """Ask the virus scanner about what it has not judged yet."""
    return scanning.scan_waiting(DOORS.store, DOORS.scanner) if signs.take("scan-waiting", timedelta(minutes=1)) else {}


@app.task
def work_batches() -> int:
    """Do the next files of the acts that were asked for on many."""
    return screening.work()


@app.task
def leave_planned() -> int:
    """Let the letters leave whose planned moment has come."""
    return decision.leave_due()


@app.task
def end_reserves() -> int:
    """Close the files of the reserve lists whose last day is past."""
    return decision.expire_due() if signs.take("end-reserves", timedelta(minutes=10)) else 0


@app.task
def sweep() -> dict[str, int]:
    """Remove what nobody needs any more."""
    return housekeeping.sweep(DOORS.store) if signs.take("sweep", timedelta(hours=1)) else {}


@before_task_publish.connect(sender="worker.tasks.heartbeat")
def _scheduler_is_alive(**_: object) -> None:
    """The scheduler alone publishes this task: its own sign of life, given even when the queue cannot be reached."""
    signs.alive(signs.SCHEDULER)
