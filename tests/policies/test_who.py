"""WHO, stated a second time and by name: for every action the exact set of people, so that a loosened rule fails.

A line: the action, the subject it is tried on (tests/policies/people.py), and everybody who may. Nobody is `-`.
Words in capitals stand for several people. A person in conflict keeps what the person may do as an applicant.
"""

import pytest

from grants.errors import NotAllowed
from grants.policies import WHO, Subject, may, require
from grants.workflow.actions import Action
from tests.policies.people import ID, NAMES, PEOPLE, SUBJECTS

pytestmark = pytest.mark.pure

GROUPS = {
    "ALL": "nobody scheduler SIGNED_IN",
    "SIGNED_IN": " ".join(NAMES),
    "TEAM": "member lead lead_who_manages",
    "LEADS": "lead lead_who_manages",
    "COMMITTEE": "reader undeclared recused_reader unassigned_reviewer CHAIRS",
    "CHAIRS": "chair recused_chair undeclared_chair",  # of the call; one file only once declared free of interests
    "MANAGERS": "manager recused_manager lead_who_manages",  # of the programme; its call, not one file
    "ANY_MANAGER": "MANAGERS other_manager",
    "AUDITORS": "auditor recused_auditor",
    "ANY_FINANCE": "finance other_finance",
    "REGISTER": "CHAIRS ANY_FINANCE AUDITORS manager recused_manager other_manager",
}

TABLE = """
account.sign-in                      service              ALL
account.sign-out                     service              ALL
account.prefer                       service              ALL
account.read                         service              SIGNED_IN
account.change-password              account_of_lead      SIGNED_IN
account.revoke-session               account_of_lead      lead
account.revoke-session               own_account          administrator
account.edit                         service              SIGNED_IN
account.register                     service              ALL
account.accept-invitation            service              ALL
account.revoke-invitation            invitation_of_lead   LEADS administrator
account.revoke-invitation            invitation_to_committee MANAGERS administrator other_manager

organisation.register                service              ANY_MANAGER scheduler
organisation.enrol                   programme            MANAGERS scheduler
organisation.read                    organisation         TEAM REGISTER
organisation.edit                    organisation         LEADS
organisation.read-bank               organisation         LEADS ANY_FINANCE
organisation.read-bank               bank                 LEADS ANY_FINANCE
organisation.change-bank             organisation         LEADS
organisation.verify-bank             bank                 ANY_FINANCE
organisation.verify-bank             bank_of_finance      other_finance
organisation.found                   service              TEAM COMMITTEE ANY_MANAGER ANY_FINANCE other_lead collaborator other_collaborator dismissed_reader
organisation.browse                  service              ANY_MANAGER AUDITORS
organisation.invite                  organisation         LEADS
organisation.invite-first-lead       organisation         manager recused_manager other_manager
organisation.remove-member           organisation         LEADS
organisation.keep-paper              organisation         TEAM
organisation.keep-paper              paper                TEAM
organisation.read-paper              paper                TEAM ANY_MANAGER ANY_FINANCE AUDITORS
organisation.read-paper              bank_paper           TEAM ANY_FINANCE AUDITORS

programme.found                      service              administrator scheduler

call.browse                          service              ALL
call.oversee                         call                 MANAGERS CHAIRS finance AUDITORS
call.begin                           service              ANY_MANAGER
call.draft                           call                 MANAGERS
call.publish                         call                 MANAGERS
call.amend                           call                 MANAGERS
call.rehearse                        call                 MANAGERS
call.close                           call                 MANAGERS
call.import                          call                 MANAGERS scheduler
call.invite                          call                 MANAGERS
call.invite-organisation             call                 MANAGERS
call.withdraw-invitation             call                 MANAGERS
call.read-invited                    call                 MANAGERS AUDITORS

application.browse                   service              TEAM other_lead collaborator other_collaborator
application.start                    draft                TEAM
application.read                     draft                TEAM reader collaborator
application.read                     submitted            TEAM reader chair manager auditor collaborator
application.read                     funded               TEAM reader chair manager auditor finance collaborator
application.edit                     draft                TEAM collaborator
application.attach                   draft                TEAM collaborator
application.attach                   draft_bank_statement TEAM
application.detach                   draft                TEAM collaborator
application.detach                   draft_bank_statement TEAM
application.read-attachment          draft                TEAM reader collaborator
application.read-attachment          submitted            TEAM reader chair manager auditor collaborator
application.read-attachment          bank_statement       TEAM manager auditor
application.read-attachment          funded               TEAM reader chair manager auditor finance collaborator
application.read-receipt             submitted            TEAM manager auditor
application.read-receipt             draft                TEAM
application.request-signature        draft                TEAM
application.resume-drafting          draft                TEAM
application.submit                   draft                LEADS
application.record-late-attempt      draft                LEADS
application.withhold-document        draft                scheduler
application.move                     draft                scheduler
application.ask-waiver               draft                LEADS
application.withdraw                 submitted            LEADS
application.take-back                submitted            LEADS
application.reinstate                submitted            LEADS
application.read-team                draft                TEAM collaborator
application.invite                   draft                LEADS
application.remove-collaborator      draft                LEADS
application.ask-attestation          draft                TEAM
application.attest                   service              ALL

screening.browse                     service              ANY_MANAGER AUDITORS
screening.read                       draft                -
screening.read                       submitted            manager auditor
screening.take                       draft                -
screening.take                       submitted            manager
screening.extend                     draft                manager
screening.extend                     submitted            manager
screening.ask-extension              draft                manager
screening.settle-copy                draft                -
screening.settle-copy                submitted            manager
screening.propose-waiver             draft                -
screening.propose-waiver             submitted            manager
screening.check                      draft                -
screening.check                      submitted            manager
screening.return                     draft                -
screening.return                     submitted            manager
screening.grant-waiver               submitted            manager
screening.grant-waiver               waiver_of_manager    -
screening.refuse-waiver              submitted            manager
screening.refuse-waiver              waiver_of_manager    -
screening.declare-eligible           draft                -
screening.declare-eligible           submitted            manager
screening.declare-ineligible         draft                -
screening.declare-ineligible         submitted            manager
screening.declare-inadmissible       draft                -
screening.declare-inadmissible       submitted            manager
screening.reopen                     submitted            manager
screening.keep-note                  submitted            manager
screening.decline-note               submitted            manager

review.browse                        service              COMMITTEE
review.declare-interest              draft                -
review.declare-interest              submitted            COMMITTEE
review.read-interests                submitted            manager chair auditor undeclared_chair
review.settle-interest               submitted            manager chair undeclared_chair
review.open                          call                 MANAGERS
review.assign                        submitted            manager
review.unassign                      review_of_reader     manager
review.read-assignments              submitted            manager chair auditor undeclared_chair
review.propose                       call                 MANAGERS
review.describe-member               call                 MANAGERS
review.ask-override                  submitted            manager
review.grant-override                submitted            manager
review.grant-override                override_of_manager  -
review.grant-override                override_for_manager -
review.refuse-override               submitted            manager
review.refuse-override               override_of_manager  -
review.read                          review_of_reader     reader manager auditor
review.read                          review_in_committee  reader manager auditor chair
review.read                          review_of_recused    manager auditor
review.read                          review_of_dismissed  manager auditor
review.read                          review_opened        reader unassigned_reviewer manager auditor
review.save                          review_opened        unassigned_reviewer
review.return                        review_opened        manager
review.save                          review_of_reader     reader
review.save                          review_of_recused    -
review.save                          review_of_dismissed  -
review.score                         review_of_reader     reader
review.score                         review_of_recused    -
review.return                        review_of_reader     manager
review.recuse                        review_of_reader     reader scheduler
review.recuse                        review_of_recused    recused_reader scheduler

printing.read                        draft                reader
printing.read                        submitted            reader chair manager auditor

selection.read                       call                 MANAGERS AUDITORS
selection.read                       call_in_committee    MANAGERS AUDITORS CHAIRS reader recused_reader unassigned_reviewer
scenario.read                        scenario             manager lead_who_manages auditor chair
scenario.read                        scenario_shared      manager lead_who_manages auditor chair reader unassigned_reviewer
scenario.read                        scenario_before_sitting manager lead_who_manages auditor
scenario.propose                     call                 MANAGERS
scenario.propose                     call_in_committee    MANAGERS CHAIRS
scenario.edit                        scenario             manager lead_who_manages chair
scenario.edit                        scenario_before_sitting manager lead_who_manages
scenario.share                       scenario             manager lead_who_manages chair
scenario.refer                       scenario             manager lead_who_manages chair
scenario.discard                     scenario             manager lead_who_manages chair
selection.convene                    call                 MANAGERS
selection.open                       call                 MANAGERS CHAIRS scheduler
selection.record-attendance          call                 MANAGERS CHAIRS
selection.close                      call                 MANAGERS CHAIRS
selection.analyse                    call                 MANAGERS
selection.analyse                    call_in_committee    MANAGERS CHAIRS
selection.promise-lot                call                 MANAGERS
selection.draw-lot                   call                 MANAGERS CHAIRS
selection.order-agenda               call                 MANAGERS CHAIRS
selection.issue-projection           call                 MANAGERS CHAIRS
selection.project                    service              ALL
selection.call-file                  in_committee         manager chair
selection.empty-room                 in_committee         manager chair
selection.note                       submitted            manager
selection.note                       in_committee         manager chair reader unassigned_reviewer
selection.open-ballot                in_committee         manager chair
selection.count-ballot               in_committee         manager chair
selection.stop-ballot                in_committee         manager chair scheduler
selection.vote                       submitted            -
selection.vote                       in_committee         chair reader unassigned_reviewer
selection.amend-minutes              call                 MANAGERS CHAIRS
selection.approve-minutes            call                 MANAGERS CHAIRS
selection.sign-minutes               call                 MANAGERS CHAIRS

decision.read                        in_committee         manager chair auditor
decision.read                        funded               TEAM manager chair auditor finance
decision.propose                     in_committee         manager chair
decision.undo                        in_committee         manager chair
decision.approve                     in_committee         manager
decision.release                     in_committee         manager scheduler
decision.revoke                      in_committee         manager
decision.decline                     in_committee         manager
decision.decide-otherwise            in_committee         manager
decision.revise                      in_committee         manager
decision.reissue                     in_committee         manager
decision.confirm                     in_committee         manager
decision.abandon                     in_committee         manager
decision.supersede                   in_committee         manager scheduler
decision.expire                      in_committee         scheduler
decision.renounce                    in_committee         -
decision.renounce                    funded               lead lead_who_manages
decision.plan                        call                 MANAGERS
decision.cancel-plan                 call                 MANAGERS
decision.hold-back                   call                 scheduler
decision.seek-successor              in_committee         manager scheduler
decision.name-successor              in_committee         scheduler
decision.take-successor              in_committee         manager
decision.pass-over                   in_committee         manager
decision.lapse                       in_committee         scheduler
decision.lift-condition              funded               manager
decision.write-feedback              in_committee         manager
export.read                          call                 MANAGERS COMMITTEE AUDITORS
export.read-own                      export_of_manager    manager
decision.read-letter                 in_committee         -
decision.read-letter                 funded               TEAM manager chair auditor finance

agreement.prepare                    funded               manager
agreement.send                       funded               manager
agreement.sign                       funded               manager
agreement.read                       funded               TEAM manager finance auditor

project.browse-public                service              ALL
project.browse                       service              TEAM other_lead ANY_MANAGER ANY_FINANCE AUDITORS
project.read                         funded               TEAM manager finance auditor
project.open                         call                 MANAGERS
project.start                        funded               manager
project.suspend                      funded               manager
project.resume                       funded               manager
project.await-final-report           funded               manager scheduler
project.close                        funded               manager
project.terminate                    funded               manager
project.lower-award                  funded               manager
project.reach-milestone              funded               manager
project.import                       call                 MANAGERS scheduler
accompaniment.record-session         funded               manager

report.read                          funded               TEAM manager finance auditor
report.save                          funded               TEAM
report.submit                        funded               TEAM
report.return                        funded               manager
report.accept                        funded               manager

amendment.request                    funded               LEADS
amendment.accept                     funded               manager
amendment.refuse                     funded               manager

tranche.fall-due                     tranche              manager scheduler
tranche.order                        tranche              manager
tranche.pay                          tranche              finance
tranche.pay                          tranche_of_finance   -
tranche.return                       tranche              finance
tranche.cancel                       tranche              manager
finance.browse                       service              ANY_FINANCE ANY_MANAGER AUDITORS

message.browse-mailbox               service              ANY_MANAGER
message.browse-outbox                service              ANY_MANAGER AUDITORS
message.retry                        submitted            manager

administration.create-account        service              administrator scheduler
administration.browse-accounts       service              administrator AUDITORS
administration.disable-account       account_of_lead      administrator
administration.disable-account       own_account          -
administration.enable-account        account_of_lead      administrator
administration.enable-account        own_account          -
administration.appoint               account_of_lead      administrator scheduler
administration.appoint               own_account          scheduler
administration.revoke-appointment    account_of_lead      administrator
administration.revoke-appointment    own_account          -
administration.invite                service              administrator
administration.read-audit            service              ANY_MANAGER AUDITORS

service.read-public                  service              ALL
service.read-health                  service              ALL
service.read-demo                    service              ALL
"""
ROWS = [line.split() for line in TABLE.splitlines() if line]


def people(words: list[str]) -> set[str]:
    """The names behind the words of a line."""
    found: set[str] = set()
    for word in words:
        if word in GROUPS:
            found |= people(GROUPS[word].split())
        elif word != "-":
            found.add(word)
    return found


@pytest.mark.parametrize(("action", "subject", "words"), [(row[0], row[1], row[2:]) for row in ROWS])
def test_exactly_these_people_may(action: str, subject: str, words: list[str]) -> None:
    allowed = {name for name, person in PEOPLE.items() if may(person, Action(action), SUBJECTS[subject])}
    assert allowed == people(words)


def test_every_action_stands_in_the_table_and_has_a_rule() -> None:
    assert {row[0] for row in ROWS} == set(Action) == set(WHO)


def test_the_table_names_only_known_people() -> None:
    assert people([word for row in ROWS for word in row[2:]]) == set(PEOPLE)


@pytest.mark.parametrize("action", sorted(Action))
def test_a_stranger_to_everything_may_only_do_what_anybody_may(action: Action) -> None:
    """An account without any role, and nobody, on the subject that lets the most people in."""
    for name in ("nobody", "dismissed_reader"):
        anybody = people(next(row[2:] for row in ROWS if row[0] == action))
        assert may(PEOPLE[name], action, SUBJECTS["funded"]) == (name in anybody)


FILES = ("draft", "submitted", "waiver_of_manager", "in_committee", "funded", "tranche")


@pytest.mark.parametrize("name", sorted(name for name in NAMES if name.startswith("recused_")))
@pytest.mark.parametrize("action", sorted(Action))
def test_a_conflict_leaves_no_right_that_another_organisations_lead_lacks(action: Action, name: str) -> None:
    """Whatever the role: on the file they may do nothing that a stranger with an account may not."""
    strangers = may(PEOPLE["dismissed_reader"], action, SUBJECTS["call"])
    for subject in FILES:
        allowed = may(PEOPLE[name], action, SUBJECTS[subject])
        declares = action == Action.REVIEW_DECLARE_INTEREST and name in ("recused_reader", "recused_chair")
        assert allowed == (strangers or (declares and subject != "draft"))


@pytest.mark.parametrize("action", sorted(Action))
def test_whoever_writes_for_the_organisation_is_an_applicant_and_nothing_more(action: Action) -> None:
    for subject in FILES:
        rights = {name: may(PEOPLE[name], action, SUBJECTS[subject]) for name in ("lead", "lead_who_manages")}
        assert rights["lead"] == rights["lead_who_manages"]


BY_LINK = (Action.APPLICATION_ATTEST, Action.SELECTION_PROJECT)  # the address is the right, whoever comes with it


@pytest.mark.parametrize("action", sorted(Action))
def test_the_auditor_writes_nothing_and_the_administrator_reads_no_content(action: Action) -> None:
    verb = action.partition(".")[2]
    own = action.startswith(("account.", "service.")) or action in BY_LINK
    for subject in SUBJECTS.values():
        if may(PEOPLE["auditor"], action, subject):
            assert own or verb.startswith(("read", "browse")) or action == Action.CALL_OVERSEE
        if may(PEOPLE["administrator"], action, subject):
            assert own or "public" in verb or action.startswith(("administration.", "programme.", "call.browse"))


def test_a_refusal_says_which_statements_would_have_been_needed() -> None:
    with pytest.raises(NotAllowed) as refused:
        require(PEOPLE["lead"], Action.TRANCHE_PAY, SUBJECTS["funded"])
    assert refused.value.action == Action.TRANCHE_PAY
    assert refused.value.reasons == ("finance_officer", "not_oneself")


def test_what_is_allowed_is_not_refused() -> None:
    require(PEOPLE["finance"], Action.TRANCHE_PAY, SUBJECTS["tranche"])


def test_who_prepared_a_thing_is_not_the_second_person() -> None:
    assert may(PEOPLE["finance"], Action.TRANCHE_PAY, Subject(programme_id=30, maker_id=ID["manager"]))
    assert not may(PEOPLE["finance"], Action.TRANCHE_PAY, Subject(programme_id=30, maker_id=ID["finance"]))
