"""The hands of the replay: every act goes through the services, as the person who does it.

Objects are remembered by the short keys of the data (`A01`, `R3`, `2026`); nothing here decides when something happens.
"""

import tomllib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from grants.db import reading
from grants.delivery.doors import Doors
from grants.demo.accounts import (
    ADMINISTRATOR,
    AUDITOR,
    COMMITTEE,
    DEPUTY,
    FINANCE,
    MANAGER,
    PASSWORD,
    Person,
    applicant_address,
)
from grants.demo.calls import CRITERIA
from grants.demo.figures import DATA
from grants.demo.identity import rna, siret
from grants.models import Promise, PromiseState
from grants.policies import SYSTEM, Actor, Role
from grants.queries.account import actor_for
from grants.services import account, call, keeper, organisation, programme, relay

Record = Mapping[str, Any]
DRAWN_AT_ONCE = 2
SECOND = 500  # where the numbers of a second network begin


@cache
def data(name: str) -> dict[str, dict[str, Any]]:
    """The records of a data file of the demonstration, by key."""
    return tomllib.loads((Path(DATA) / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass
class Stage:
    """Who and what there is so far. `say` tells progress; public ids by key, internal ids for actors alone."""

    doors: Doors
    say: Callable[[str], None] = lambda _: None
    suffix: str = ""  # what tells the addresses of a second network from those of the first
    programme: str = ""
    person: dict[str, tuple[int, str]] = field(default_factory=dict)
    organisation: dict[str, str] = field(default_factory=dict)
    team: dict[str, list[str]] = field(default_factory=dict)
    call: dict[str, str] = field(default_factory=dict)
    begins: dict[str, date] = field(default_factory=dict)
    file: dict[str, str] = field(default_factory=dict)
    decision: dict[str, str] = field(default_factory=dict)
    project: dict[str, str] = field(default_factory=dict)
    meeting: dict[str, str] = field(default_factory=dict)
    bank: dict[str, str] = field(default_factory=dict)
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """The person with the roles held now."""
        if key not in self._actors:
            with reading() as session:
                self._actors[key] = actor_for(session, self.person[key][0])
        return self._actors[key]

    def public(self, key: str) -> str:
        """The public id of a person."""
        return self.person[key][1]

    def lead(self, owner: str) -> str:
        """The key of the person who may commit an organisation."""
        return self.team[owner][0]

    def keep_promises(self) -> None:
        """Write and deliver what was promised, here and now, as the worker would: what takes long first, several at once."""
        handlers = keeper.handlers(self.doors)
        waiting = relay.due()
        if not waiting:
            return
        with reading() as session:
            query = (
                select(Promise.id)
                .where(Promise.id.in_(waiting), Promise.kind.in_(("document", "analysis")))
                .order_by(Promise.id)
            )
            slow = list(session.scalars(query))
        if len(slow) > 1:
            with ThreadPoolExecutor(DRAWN_AT_ONCE) as pool:
                list(pool.map(lambda one: relay.keep(one, handlers), slow))
        relay.keep_all_due(handlers)

    def tell_unkept(self) -> None:
        """Say which promises could not be kept, and why the first could not; the worker will try them again."""
        with reading() as session:
            query = select(Promise).where(Promise.state != PromiseState.SENT).order_by(Promise.id)
            unkept = session.scalars(query).all()
        if unkept:
            self.say(f"{len(unkept)} promises not kept yet; {unkept[0].name}: {unkept[0].last_error}")

    # people and organisations

    def install(self) -> None:
        """The administrator and the auditor, unless they are there; the network and its staff."""
        if "administrator" not in self.person:
            self._staff(ADMINISTRATOR, by=SYSTEM)
            self.appoint("administrator", Role.ADMINISTRATOR, by=SYSTEM)
            self._staff(AUDITOR)
            self.appoint("auditor", Role.AUDITOR)
        self.register("network", data("organisations")["network"])
        for person in (MANAGER, DEPUTY, FINANCE):
            self._staff(person)

    def beside(self, name: str) -> "Stage":
        """Another network in the same service: its own people, the same administrator and auditor."""
        shared = {key: self.person[key] for key in ("administrator", "auditor")}
        return Stage(self.doors, self.say, suffix=f"+{name}", person=shared)

    def found(self, values: Record) -> None:
        """Found the programme and give its staff their roles."""
        self.programme = programme.found(actor=SYSTEM, network=self.organisation["network"], **values).public_id
        for key in ("manager", "deputy"):
            self.appoint(key, Role.MANAGER, programme=self.programme)
        self.appoint("finance", Role.FINANCE_OFFICER, programme=self.programme)

    def seat_committee(self, name: str, keys: tuple[str, ...] = ("R1", "R2", "R3", "R4", "R5", "R6")) -> None:
        """Name the committee of a call; the first member chairs it."""
        for person in COMMITTEE:
            if person.key not in keys:
                continue
            if person.key not in self.person:
                self._staff(person)
            role = Role.CHAIR if person.key == keys[0] else Role.REVIEWER
            self.appoint(person.key, role, call=self.call[name], title=person.function)

    def register(self, key: str, record: Record) -> None:
        """Enter an organisation into the register, and open the accounts of those who write for it."""
        people = record.get("people", [])
        represented = record.get("representative") or people[0]
        row = organisation.register(
            actor=SYSTEM,
            name=f"{record['name']} {self.suffix}".strip(),
            actor_kind=record["kind"],
            legal_form=record["form"],
            siret=siret(record["number"] + (SECOND if self.suffix else 0)),
            rna=record.get("rna", "") or _rna(record),
            registration=record.get("registration", ""),
            address_lines=record["address"],
            representative=represented[0],
            representative_function=represented[1],
            invented=True,
        )
        self.organisation[key], self.team[key] = row.public_id, []
        for place, (name, function) in enumerate(people):
            person = f"{key}-{place}"
            self._person(person, name, function, applicant_address(name, record["mail"]))
            role = Role.APPLICANT_LEAD if place == 0 else Role.APPLICANT_MEMBER
            self.appoint(person, role, organisation=row.public_id)
            self.team[key].append(person)

    def enrol(self, key: str, record: Record) -> None:
        """Note the membership of an organisation that has one."""
        if "joined" in record:
            organisation.enrol(
                actor=self.actor("manager"),
                programme=self.programme,
                organisation=self.organisation[key],
                joined_on=record["joined"],
            )

    def appoint(self, key: str, role: Role, *, by: Actor | None = None, **scope: str) -> None:
        """Give a role; who holds what is read again afterwards."""
        account.appoint(actor=by or self.actor("administrator"), account=self.public(key), role=role, **scope)
        self._actors.clear()

    def _staff(self, person: Person, *, by: Actor | None = None) -> None:
        address = person.email.replace("@", f"{self.suffix}@")
        self._person(person.key, person.name, person.function, address, by=by)

    def _person(self, key: str, name: str, function: str, email: str, *, by: Actor | None = None) -> None:
        row = account.create(
            actor=by or self.actor("administrator"), email=email, name=name, password=PASSWORD, function=function
        )
        self.person[key] = (row.id, row.public_id)

    # calls

    def draft_call(self, name: str, values: Record, envelope_cents: int) -> None:
        """The manager writes a call."""
        row = call.draft(
            actor=self.actor("manager"),
            programme=self.programme,
            values=values,
            criteria=CRITERIA,
            envelope_cents=envelope_cents,
        )
        self.call[name] = row.public_id
        self.begins[name] = values["projects_from_on"]

    def publish_call(self, name: str) -> None:
        """The manager publishes it."""
        call.publish(actor=self.actor("manager"), call=self.call[name])


def _rna(record: Record) -> str:
    return rna(record["number"]) if record["form"] == "Association loi 1901" else ""
