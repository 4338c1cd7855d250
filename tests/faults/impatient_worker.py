"""The worker as it is, with leases short enough for a test to wait for them."""

from datetime import timedelta

from grants.services import relay
from worker.app import app

relay.LEASE = timedelta(seconds=3)

if __name__ == "__main__":
    app.worker_main(
        ["worker", "--beat", "--concurrency", "2", "--loglevel", "INFO", "--without-mingle", "--without-gossip"]
    )
