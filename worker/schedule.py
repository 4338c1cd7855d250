"""What the clock does by itself. Each run writes its slot first, so that two schedulers do the work once."""

from typing import Any

from celery.schedules import crontab

# `expires`: a run that waited longer than this in the queue is dropped; the next one does its work.
SCHEDULE: dict[str, dict[str, Any]] = {
    "relay-outbox": {"task": "worker.tasks.relay_outbox", "schedule": 2.0, "options": {"expires": 2}},
    "heartbeat": {"task": "worker.tasks.heartbeat", "schedule": 30.0, "options": {"expires": 30}},
    "send-reminders": {
        "task": "worker.tasks.send_reminders",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 14 * 60},
    },
    "scan-waiting": {"task": "worker.tasks.scan_waiting", "schedule": 60.0, "options": {"expires": 55}},
    "work-batches": {"task": "worker.tasks.work_batches", "schedule": 3.0, "options": {"expires": 3}},
    "leave-planned": {"task": "worker.tasks.leave_planned", "schedule": 20.0, "options": {"expires": 20}},
    "end-reserves": {
        "task": "worker.tasks.end_reserves",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 9 * 60},
    },
    "sweep": {"task": "worker.tasks.sweep", "schedule": crontab(minute="7"), "options": {"expires": 50 * 60}},
}
