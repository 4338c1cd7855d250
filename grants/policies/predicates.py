"""The statements that rules are made of: two lines each, true or not, of an actor and a subject."""

from grants.policies.actors import Actor, Subject


def anyone(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    return True


def identified(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    return actor.id is not None


def on_ones_own_account(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    """Somebody who may act for a body of one's own: the administration and the auditor do not."""
    return actor.id is not None and not (actor.administers or actor.audits)


def the_system(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    return actor.system


def themselves(actor: Actor, subject: Subject) -> bool:
    return actor.id is not None and actor.id == subject.account_id


def not_oneself(actor: Actor, subject: Subject) -> bool:
    """Neither the account concerned nor the person who prepared what is to be confirmed."""
    return actor.id not in (subject.account_id, subject.maker_id)


def applicant(actor: Actor, subject: Subject) -> bool:
    return subject.organisation_id in actor.writes_for


def applicant_lead(actor: Actor, subject: Subject) -> bool:
    return subject.organisation_id in actor.leads


def applicant_of_any(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    return bool(actor.writes_for)


def collaborator(actor: Actor, subject: Subject) -> bool:
    """Writes this one file, invited by its lead."""
    return subject.application_id in actor.writes_on


def collaborator_of_any(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    return bool(actor.writes_on)


def assigned_reviewer(actor: Actor, subject: Subject) -> bool:
    """Named to read the file, and still on the committee."""
    return actor.id in subject.assigned and committee_member(actor, subject)


def interest_free(actor: Actor, subject: Subject) -> bool:
    """Has declared to have no conflict of interest with this file: before that, title and partners only."""
    return actor.id in subject.declared_free


def author_of_review(actor: Actor, subject: Subject) -> bool:
    """Writes it, and still sits on the committee."""
    return actor.id is not None and actor.id == subject.author_id and committee_member(actor, subject)


def fellow_reader(actor: Actor, subject: Subject) -> bool:
    """Reads the same file, in a call that opens this given review to them."""
    return actor.id in subject.opened_to and committee_member(actor, subject)


def reviewer_of_any(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    return bool(actor.sits_on)


def committee_member(actor: Actor, subject: Subject) -> bool:
    return subject.call_id in actor.sits_on


def chair(actor: Actor, subject: Subject) -> bool:
    return subject.call_id in actor.chairs


def given_own_review(actor: Actor, subject: Subject) -> bool:
    """Owes no review of this call any more."""
    return actor.id not in subject.own_reviews_pending


def manager(actor: Actor, subject: Subject) -> bool:
    return subject.programme_id in actor.manages


def manager_of_any(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    return bool(actor.manages)


def finance_officer(actor: Actor, subject: Subject) -> bool:
    """Of the subject's programme; of any, where the subject belongs to none (an organisation, a list)."""
    return subject.programme_id in actor.pays or (subject.programme_id is None and bool(actor.pays))


def network_staff(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    """Managers, finance officers and chairs read the register of organisations."""
    return bool(actor.manages or actor.pays or actor.chairs)


def staff_of_any(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    return bool(actor.manages or actor.pays or actor.audits)


def draft_call_insider(actor: Actor, subject: Subject) -> bool:
    """The chair and the finance officers see a call before it is published."""
    return subject.call_id in actor.chairs or subject.programme_id in actor.pays


def administrator(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    return actor.administers


def auditor(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    return actor.audits


# statements about the subject alone
def received(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    """Submitted, or tried too late: a draft is the applicant's own."""
    return subject.received


def released(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    return subject.released


def award_funded(actor: Actor, subject: Subject) -> bool:
    return subject.funded and finance_officer(actor, subject)


def for_judging(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    """What the committee needs: a bank statement is for the programme and the finances alone."""
    return not subject.beyond_judging


def deliberation_begun(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001
    return subject.deliberation_begun
