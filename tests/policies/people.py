"""The people and the objects of the policy tests."""

from dataclasses import replace

from grants.policies import ANONYMOUS, SYSTEM, Actor, Subject

OWN, OTHER = 10, 11  # organisations
THIS_FILE, OTHER_FILE = 40, 41
HERE, ELSEWHERE = 20, 21  # calls
PROGRAMME, ANOTHER = 30, 31
NAMES = [
    "member",
    "lead",
    "other_lead",
    "collaborator",
    "other_collaborator",
    "reader",
    "undeclared",
    "recused_reader",
    "dismissed_reader",
    "unassigned_reviewer",
    "chair",
    "recused_chair",
    "undeclared_chair",
    "manager",
    "other_manager",
    "recused_manager",
    "lead_who_manages",
    "finance",
    "other_finance",
    "administrator",
    "auditor",
    "recused_auditor",
]
ID = {name: number for number, name in enumerate(NAMES, start=100)}

ROLES: dict[str, dict[str, object]] = {
    "member": {"member_of": frozenset({OWN})},
    "lead": {"leads": frozenset({OWN})},
    "other_lead": {"leads": frozenset({OTHER})},
    "collaborator": {"writes_on": frozenset({THIS_FILE})},
    "other_collaborator": {"writes_on": frozenset({OTHER_FILE})},
    "reader": {"reviews": frozenset({HERE})},
    "undeclared": {"reviews": frozenset({HERE})},
    "recused_reader": {"reviews": frozenset({HERE})},
    "dismissed_reader": {},  # was named and had declared; holds no role any more
    "unassigned_reviewer": {"reviews": frozenset({HERE})},
    "chair": {"chairs": frozenset({HERE})},
    "recused_chair": {"chairs": frozenset({HERE})},
    "undeclared_chair": {"chairs": frozenset({HERE})},
    "manager": {"manages": frozenset({PROGRAMME})},
    "other_manager": {"manages": frozenset({ANOTHER})},
    "recused_manager": {"manages": frozenset({PROGRAMME})},
    "lead_who_manages": {"leads": frozenset({OWN}), "manages": frozenset({PROGRAMME})},
    "finance": {"pays": frozenset({PROGRAMME})},
    "other_finance": {"pays": frozenset({ANOTHER})},
    "administrator": {"administers": True},
    "auditor": {"audits": True},
    "recused_auditor": {"audits": True},
}
PEOPLE: dict[str, Actor] = {
    "nobody": ANONYMOUS,
    **{name: Actor(id=ID[name], public_id=name, **values) for name, values in ROLES.items()},  # type: ignore[arg-type]
    "scheduler": SYSTEM,
}

FILE = Subject(
    "application",
    organisation_id=OWN,
    application_id=THIS_FILE,
    call_id=HERE,
    programme_id=PROGRAMME,
    assigned=frozenset({ID["reader"], ID["undeclared"], ID["recused_reader"], ID["dismissed_reader"]}),
    declared_free=frozenset({ID["reader"], ID["unassigned_reviewer"], ID["chair"], ID["dismissed_reader"]}),
    conflicted=frozenset(ID[name] for name in NAMES if name.startswith("recused_")),
)
SUBJECTS: dict[str, Subject] = {
    "draft": FILE,
    "draft_bank_statement": replace(FILE, beyond_judging=True),
    "submitted": replace(FILE, received=True),
    "bank_statement": replace(FILE, kind="attachment", received=True, beyond_judging=True),
    "waiver_of_manager": replace(FILE, received=True, maker_id=ID["manager"]),
    "override_of_manager": replace(FILE, kind="override", received=True, maker_id=ID["manager"]),
    "override_for_manager": replace(FILE, kind="override", received=True, account_id=ID["manager"]),
    "in_committee": replace(FILE, received=True, deliberation_begun=True),
    "funded": replace(FILE, received=True, released=True, funded=True, deliberation_begun=True),
    "review_of_reader": replace(FILE, kind="review", received=True, author_id=ID["reader"]),
    "review_of_recused": replace(FILE, kind="review", received=True, author_id=ID["recused_reader"]),
    "review_of_dismissed": replace(FILE, kind="review", received=True, author_id=ID["dismissed_reader"]),
    "review_in_committee": replace(FILE, kind="review", received=True, author_id=ID["reader"], deliberation_begun=True),
    "review_opened": replace(
        FILE,
        kind="review",
        received=True,
        author_id=ID["unassigned_reviewer"],
        opened_to=frozenset({ID["reader"], ID["undeclared"], ID["recused_reader"], ID["dismissed_reader"]}),
    ),
    "call": Subject("call", call_id=HERE, programme_id=PROGRAMME),
    "call_in_committee": Subject(
        "call",
        call_id=HERE,
        programme_id=PROGRAMME,
        deliberation_begun=True,
        own_reviews_pending=frozenset({ID["undeclared"]}),
    ),
    "scenario": Subject(
        "scenario",
        call_id=HERE,
        programme_id=PROGRAMME,
        deliberation_begun=True,
        declared_free=FILE.declared_free,
        conflicted=FILE.conflicted,
    ),
    "scenario_shared": Subject(
        "scenario",
        call_id=HERE,
        programme_id=PROGRAMME,
        deliberation_begun=True,
        released=True,
        declared_free=FILE.declared_free,
        conflicted=FILE.conflicted,
    ),
    "scenario_before_sitting": Subject(
        "scenario",
        call_id=HERE,
        programme_id=PROGRAMME,
        released=True,
        declared_free=FILE.declared_free,
        conflicted=FILE.conflicted,
    ),
    "programme": Subject("programme", programme_id=PROGRAMME),
    "tranche": replace(FILE, kind="tranche", received=True, released=True, funded=True, maker_id=ID["manager"]),
    "tranche_of_finance": replace(
        FILE, kind="tranche", received=True, released=True, funded=True, maker_id=ID["finance"]
    ),
    "bank": Subject("bank-account", organisation_id=OWN, maker_id=ID["lead"]),
    "bank_of_finance": Subject("bank-account", organisation_id=OWN, maker_id=ID["finance"]),
    "organisation": Subject("organisation", organisation_id=OWN),
    "paper": Subject("paper", organisation_id=OWN),
    "bank_paper": Subject("paper", organisation_id=OWN, beyond_judging=True),
    "invitation_of_lead": Subject("invitation", organisation_id=OWN, account_id=ID["lead"]),
    "invitation_to_committee": Subject(
        "invitation", call_id=HERE, programme_id=PROGRAMME, account_id=ID["other_manager"]
    ),
    "own_account": Subject("account", account_id=ID["administrator"]),
    "export_of_manager": Subject("export", account_id=ID["manager"], call_id=HERE, programme_id=PROGRAMME),
    "account_of_lead": Subject("account", account_id=ID["lead"]),
    "service": Subject(),
}
