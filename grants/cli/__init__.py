"""Commands: the demonstration, a new installation, the doctor, the trail, the promises, backups. Each is also `./palabre NAME`."""

from flask import Flask

from grants.cli.analyse import analyse
from grants.cli.backup import backup, restore
from grants.cli.demo import demo
from grants.cli.doctor import doctor
from grants.cli.installation import account, call, organisation, programme
from grants.cli.lives import lives
from grants.cli.minutes import minutes
from grants.cli.outbox import outbox
from grants.cli.prepare import prepare
from grants.cli.trail import audit


def install(app: Flask) -> None:
    """Register the commands."""
    for command in (
        prepare,
        demo,
        doctor,
        audit,
        outbox,
        backup,
        restore,
        lives,
        programme,
        organisation,
        account,
        call,
        analyse,
        minutes,
    ):
        app.cli.add_command(command)
