"""The documents are true where a machine can tell: links, numbers, names of tests, the words of the screens."""

import ast
import re
from pathlib import Path

import pytest

from config.settings import PROJECT

pytestmark = pytest.mark.pure

DOCUMENTS = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
DECISIONS = sorted((PROJECT / "docs/decisions").glob("*.md"))
#: In these, bold words are those of the screens and nothing else.
GUIDES = ("applicant", "committee", "manager")


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def on_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_leads_to_a_file(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_module_and_folder_named_is_there(document: Path) -> None:
    named = re.findall(r"`((?:grants|tests|config|docs|worker)/[\w./-]+)`", document.read_text("utf-8"))
    assert [path for path in named if not (PROJECT / path).exists()] == []


def test_decisions_are_numbered_once_and_without_a_gap() -> None:
    numbers = [int(path.name.split("-")[0]) for path in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
    for number, path in zip(numbers, DECISIONS, strict=True):
        assert path.read_text("utf-8").startswith(f"# {number} · "), path.name


def test_every_test_that_the_proofs_name_exists() -> None:
    text = (PROJECT / "docs/proofs.md").read_text("utf-8")
    found = re.findall(r"`(tests/[\w/]+\.py)((?:::\w+)?)`", text)
    assert len(found) > 40
    for path, wanted in found:
        assert not wanted or wanted.removeprefix("::") in functions_of(PROJECT / path), f"{path}{wanted}"


@pytest.mark.parametrize("guide", GUIDES)
def test_what_a_guide_tells_to_press_is_on_a_screen(guide: str) -> None:
    sources = (
        path for path in (PROJECT / "grants").rglob("*") if path.suffix in (".html", ".py") and "demo" not in path.parts
    )
    screens = on_one_line("\n".join(path.read_text("utf-8") for path in sources))
    told = re.findall(r"\*\*(.+?)\*\*", (PROJECT / f"docs/{guide}.md").read_text("utf-8"), re.DOTALL)
    assert len(told) > 20
    assert [words for words in map(on_one_line, told) if words not in screens] == []
