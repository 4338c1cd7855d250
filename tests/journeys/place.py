"""An open call with its people on a deployment of its own: where a single page is tried, without living a whole story."""

from dataclasses import dataclass
from pathlib import Path

from grants.db import transaction
from grants.models import Account, Application, Call, Organisation, Programme
from grants.policies.actors import Role
from tests import builders
from tests.journeys import world as worlds
from tests.journeys.client import Client
from tests.journeys.world import World


@dataclass(frozen=True)
class Place:
    """An open call, its people, and the deployment that serves it."""

    world: World
    call: Call
    holder: Organisation
    lead: Account
    manager: Account
    reviewer: Account

    def person(self, account: Account) -> Client:
        """This person, signed in."""
        with transaction() as session:
            token = builders.a_session(session, account)
        client = Client(self.world.app, self.world.base_url, account.name, account.email, builders.PASSWORD)
        client.carry(self.world.app.config["SIGN_IN_COOKIE"], token)
        return client

    def draft(self, **values: object) -> Application:
        """A file of the holder that lacks nothing."""
        with transaction() as session:
            return builders.a_draft(session, call=self.call, lead=self.lead, organisation=self.holder, **values)


def built(folder: Path) -> Place:
    """Everything in an empty folder."""
    world = worlds.found(folder)
    with transaction() as session:
        programme: Programme = builders.a_programme(session)
        call = builders.a_call(session, programme=programme, contact="appel@exemple.invalid")
        holder = builders.an_organisation(session, name="Association Rives Communes")
        return Place(
            world,
            call,
            holder,
            builders.an_account(session, role=Role.APPLICANT_LEAD, organisation_id=holder.id),
            builders.an_account(session, role=Role.MANAGER, programme_id=programme.id),
            builders.an_account(session, role=Role.REVIEWER, call_id=call.id),
        )
