"""The rules of the house that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from grants.policies import WHO, predicates
from grants.web.kit import labels
from grants.workflow import guards
from grants.workflow.actions import Action
from grants.workflow.diagram import LIVES, document
from grants.workflow.effects import Document, Mail

pytestmark = pytest.mark.pure

ROOT = Path(__file__).parents[2]
OURS = ("config", "grants", "worker")
DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc", "tools"}


def modules(*folders: str) -> Iterator[Path]:
    """Our modules, migrations left out."""
    for folder in folders or OURS:
        yield from (path for path in (ROOT / folder).rglob("*.py") if "versions" not in path.parts)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_module_opens_with_what_it_is_for() -> None:
    silent = [name(path) for path in modules() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []


def test_no_module_is_a_drawer() -> None:
    assert [name(path) for path in modules() if path.stem in DRAWERS] == []


def test_one_function_commits() -> None:
    callers = {name(path) for path in modules() if re.search(r"\.commit\(", path.read_text("utf-8"))}
    assert callers == {"grants/db.py", "grants/migrations/env.py"}


def test_one_module_assigns_a_state() -> None:
    """A new row gets its first state from its column; bulk writes of states belong to the outbox's relay."""

    def assigns(path: Path) -> bool:
        tree = ast.parse(path.read_text("utf-8"))
        targets = (target for node in ast.walk(tree) if isinstance(node, ast.Assign) for target in node.targets)
        return any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets)

    assert {name(path) for path in modules() if assigns(path)} == {"grants/services/lifecycle.py"}


def test_tasks_hold_no_logic() -> None:
    tree = ast.parse((ROOT / "worker/tasks.py").read_text("utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert functions
    fat = [
        function.name
        for function in functions
        if len(
            [
                line
                for line in function.body
                if not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
            ]
        )
        > 1
    ]
    assert fat == []


def test_markup_is_trusted_in_three_small_places() -> None:
    trusting = {
        name(path)
        for path in modules("grants", "worker")
        if re.search(r"\bMarkup\(|render_template_string", path.read_text("utf-8"))
    }
    # the words of templates are ours, and HTML as they stand; typography only adds spaces; tags escape what they frame
    assert trusting <= {f"grants/{path}.py" for path in ("delivery/typography", "web/kit/language", "web/kit/tags")}
    unsafe = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "grants/templates").rglob("*")
        if path.is_file() and re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text("utf-8"))
    ]
    assert unsafe == []


def test_no_page_has_a_style_or_a_script_of_its_own() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|<style", re.IGNORECASE)
    pages = [path for path in (ROOT / "grants/templates").rglob("*.html") if path.parent.name != "documents"]
    assert [
        name(path) for path in pages if inline.search(re.sub(r"{#.*?#}", "", path.read_text("utf-8"), flags=re.DOTALL))
    ] == []


def test_every_action_has_a_rule() -> None:
    assert set(WHO) == set(Action)


def test_every_action_serves_somewhere() -> None:
    texts = "\n".join(
        path.read_text("utf-8") for path in modules() if path.name != "actions.py" and "policies" not in path.parts
    )
    unused = [action.name for action in Action if f"Action.{action.name}" not in texts]
    assert unused == []


def test_every_predicate_serves_in_a_rule() -> None:
    used = {
        part.__name__
        for rule in WHO.values()
        for statement in rule
        for part in (statement if isinstance(statement, tuple) else (statement,))
    }
    written = {
        name
        for name, value in vars(predicates).items()
        if callable(value) and getattr(value, "__module__", "") == predicates.__name__
    }
    assert written == used


def test_every_guard_has_its_sentence() -> None:
    written = {name for name, value in vars(guards).items() if callable(value) and value.__module__ == guards.__name__}
    assert written - set(labels.SENTENCES) == set()


def test_every_state_has_its_words() -> None:
    for life in LIVES:
        assert {str(state) for state in life.states} == set(labels.STATES[life.name]), life.name


def promised() -> tuple[set[str], set[str]]:
    """(mails, documents) that some move promises."""
    effects = [effect for life in LIVES for move in life.moves for effect in move.effects]
    return (
        {effect.name for effect in effects if isinstance(effect, Mail)},
        {effect.kind for effect in effects if isinstance(effect, Document)},
    )


def letters_with_a_link() -> tuple[str, ...]:
    """Mails that no move promises: to somebody asked in, asked to attest, invited to a call, who co-signed, let in."""
    asked_in = ("invitation", "invitation-file", "registration", "registration-known")
    return (
        *asked_in,
        "attestation-asked",
        "attestation-renewed",
        "call-invitation",
        "operator-told",
        "conflict-overridden",
    )


def test_every_promise_has_its_words_and_no_words_are_orphans() -> None:
    mails, documents = promised()
    folders = {path.name for path in (ROOT / "grants/templates/mails").iterdir() if path.is_dir()}
    reminders = {folder for folder in folders if folder.startswith("reminder-")}
    shared = {"kit"}  # what several mails include
    links = set(letters_with_a_link())
    assert mails == folders - reminders - shared - links
    parts = ("subject", "body")
    assert all(
        (ROOT / f"grants/templates/mails/{mail}/{part}.txt").exists() for mail in folders - shared for part in parts
    )
    assert all((ROOT / f"grants/templates/documents/{kind}.html").exists() for kind in documents)


def test_no_template_is_an_orphan() -> None:
    sources = list(modules("grants")) + [
        path for path in (ROOT / "grants/templates").rglob("*") if path.suffix in (".html", ".txt")
    ]
    texts = "\n".join(path.read_text("utf-8") for path in sources)
    pages = (path.relative_to(ROOT / "grants/templates") for path in (ROOT / "grants/templates").rglob("*.html"))
    looked_up = ("mails", "documents", "errors")  # by name, from a table
    assert [str(page) for page in pages if page.parts[0] not in looked_up and f'"{page}"' not in texts] == []


def test_the_drawings_are_made_from_the_tables() -> None:
    assert (ROOT / "docs/lives.md").read_text("utf-8") == document()


def test_a_recursive_import_of_the_worker_is_nowhere() -> None:
    assert [
        name(path)
        for path in modules("grants")
        if re.search(r"^(from|import) worker", path.read_text("utf-8"), re.MULTILINE)
    ] == []
