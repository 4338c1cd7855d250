"""Settings of the task queue: the database row is the work, a message only the hint to look at it."""

from typing import Any

from config.settings import Settings

# A task that is not acknowledged is handed out again after VISIBILITY; it must have been killed by then, or two
# workers would do it at once. For the same reason no task is ever sent with a countdown: later dates stand in rows.
SOFT_LIMIT, HARD_LIMIT, VISIBILITY = 60, 90, 300


def celery_settings(settings: Settings) -> dict[str, Any]:
    """Celery's configuration, seconds and kilobytes as Celery counts them."""
    return {
        "broker_url": settings.celery_broker_url,
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": {
            "visibility_timeout": VISIBILITY,
            # By default abandoned messages are looked for every 100 s; a killed worker's task should not wait so long.
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
            "health_check_interval": 15,
        },
        # A worker that dies gives its task back. A task that kills its worker would come back for ever: the attempt
        # counter in its row is what stops it.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_acks_on_failure_or_timeout": True,
        "worker_prefetch_multiplier": 1,
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_soft_time_limit": SOFT_LIMIT,
        "task_time_limit": HARD_LIMIT,
        "worker_concurrency": 2,
        "worker_max_tasks_per_child": 200,
        "worker_max_memory_per_child": 400_000,
        "worker_soft_shutdown_timeout": 30,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "timezone": "UTC",
        "beat_schedule_filename": str(settings.data_dir / "beat-schedule"),
    }
