"""Conflicts of interest that facts hint at; a person declares, and a person decides."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from grants.domain.text import comparison_key

#: Mail for everybody: two people who use one have nothing in common.
_FREE = """
    gmail.com googlemail.com yahoo.fr yahoo.com ymail.com hotmail.fr hotmail.com outlook.fr outlook.com live.fr live.com
    msn.com icloud.com me.com mac.com aol.com gmx.fr gmx.com gmx.net proton.me protonmail.com mailo.com orange.fr
    wanadoo.fr free.fr sfr.fr neuf.fr bbox.fr laposte.net numericable.fr club-internet.fr posteo.net tutanota.com
    riseup.net zaclys.net
"""
#: Where the people of the demonstration and of the trial of a call have their addresses: it is nobody's house.
_INVENTED = ("exemple.invalid", "essai.invalid")
FREE_PROVIDERS = frozenset((*_FREE.split(), *_INVENTED))


class Hint(StrEnum):
    """The facts that hint at a conflict, the plainest first."""

    SAME_ORGANISATION = "same_organisation"
    WRITES_FILE = "writes_file"
    PARTNER_ORGANISATION = "partner_organisation"
    COFUNDER = "cofunder"
    NAMED_IN_FILE = "named_in_file"
    WORKED_TOGETHER = "worked_together"
    SAME_EMAIL_DOMAIN = "same_email_domain"


#: What the register itself says: the file is closed as by a conflict. Every other fact is a doubt: names are borne by
#: several people, common projects end, houses share a domain.
CERTAIN = frozenset({Hint.SAME_ORGANISATION, Hint.WRITES_FILE, Hint.PARTNER_ORGANISATION})
#: Nothing opens the file to whoever belongs to its lead or writes it: there, no second opinion is asked.
FINAL = frozenset({Hint.SAME_ORGANISATION, Hint.WRITES_FILE})


@dataclass(frozen=True)
class Judge:
    """Someone who is to judge. Organisations are given by id and, for the partners typed by hand, by name.

    `worked_with`: organisations with which the register knows of common projects. `files`: files they write on.
    """

    name: str
    email: str
    organisations: frozenset[str] = frozenset()
    organisation_names: frozenset[str] = frozenset()
    worked_with: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Judged:
    """The file: its lead, its partners (by id where they are known), the people and addresses it names.

    `funders`: who else pays, as the budget names them.
    """

    lead: str
    partners: frozenset[str] = frozenset()
    partner_names: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    funders: frozenset[str] = frozenset()
    file: str = ""


def hints(judge: Judge, file: Judged) -> tuple[Hint, ...]:
    """Every fact that hints at a conflict, the plainest first; empty where nothing is known."""
    return tuple(hint for hint, there in _TESTS.items() if there(judge, file))


def stand_of(found: tuple[Hint, ...]) -> str:
    """What facts come to before anybody has spoken: `conflict`, `doubt`, or nothing."""
    if not found:
        return ""
    return "conflict" if CERTAIN & set(found) else "doubt"


def email_domain(address: str) -> str:
    """The domain of an address in lower case; empty for free providers, whose users share nothing."""
    domain = address.strip().rpartition("@")[2].lower() if "@" in address else ""
    return "" if domain in FREE_PROVIDERS else domain


def _partner(judge: Judge, file: Judged) -> bool:
    return bool(judge.organisations & file.partners or _keys(judge.organisation_names) & _keys(file.partner_names))


def _same_domain(judge: Judge, file: Judged) -> bool:
    domain = email_domain(judge.email)
    return bool(domain) and domain in {email_domain(address) for address in file.emails}


def _keys(names: frozenset[str]) -> set[str]:
    return {key for name in names if (key := comparison_key(name))}


_TESTS: dict[Hint, Callable[[Judge, Judged], bool]] = {
    Hint.SAME_ORGANISATION: lambda judge, file: file.lead in judge.organisations,
    Hint.WRITES_FILE: lambda judge, file: bool(file.file) and file.file in judge.files,
    Hint.PARTNER_ORGANISATION: _partner,
    Hint.COFUNDER: lambda judge, file: bool(_keys(judge.organisation_names) & _keys(file.funders)),
    Hint.NAMED_IN_FILE: lambda judge, file: bool(_keys(frozenset({judge.name})) & _keys(file.people)),
    Hint.WORKED_TOGETHER: lambda judge, file: bool(judge.worked_with & ({file.lead} | file.partners)),
    Hint.SAME_EMAIL_DOMAIN: _same_domain,
}
