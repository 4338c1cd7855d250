"""The web server: threads, because requests wait for the database; values from Settings."""

import os
from pathlib import Path

from config.logging import logging_settings
from config.settings import Settings

_settings = Settings.from_environment()
_memory = Path("/dev/shm")  # noqa: S108 -- gunicorn makes its own private file there

bind = f"{_settings.bind_host}:{_settings.port}"
worker_class = "gthread"
workers = _settings.workers
threads = _settings.threads
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000

# Who called and how is decided by the application, from FORWARDED_HOPS; a header alone is never believed.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
limit_request_line = 4094
limit_request_fields = 64

control_socket_disable = True
accesslog = None  # the application logs what matters, without addresses of people
logconfig_dict = logging_settings()
# Heartbeats are files; on a busy disk they would make healthy workers look dead.
worker_tmp_dir = str(_memory) if os.access(_memory, os.W_OK) else None
