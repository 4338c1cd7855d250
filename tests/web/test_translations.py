"""The English of everything that is shown: a complete catalogue, and pages, mails and letters with no French left."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import html5lib
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment
from sqlalchemy import select

from grants.clock import frozen
from grants.db import reading, transaction
from grants.delivery.doors import Doors
from grants.demo import replay
from grants.demo.accounts import DEMO_ACCOUNTS
from grants.domain.default_form import DEFAULT_FORM
from grants.models import Account, Call, Decision
from grants.services import document, mail
from grants.web.kit.language import LANGUAGE_COOKIE
from grants.workflow.decision import Outcome
from tests import builders, letters
from tests.journeys import world as worlds
from tests.journeys.world import World
from tests.mails import Stage, promised_names, task_of

ROOT = Path(__file__).parents[2]
GRANTS = ROOT / "grants"
CATALOGUE = GRANTS / "translations/en/LC_MESSAGES/messages.po"
Key = tuple[str, str | tuple[str, ...]]

HOLE = re.compile(r"%\(\w+\)s|\{\w+\}")
MARKUP = re.compile(r"%%|</?[a-z]+[^>]*>")
FRENCH_SIGNS = re.compile(r"[«»]|\s[:;?!](?:\s|$)")
FRENCH_LETTERS = re.compile(r"[àâçéèêëîïôûùœÀÂÇÉÈÊÎÔŒ«»’]")
# what a sentence with holes is known by: two words, or one beside a figure
LETTERS = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}|[^\W\d_]{4,}")
SHORT = 12
FIGURE = r"[\d\s.,€%]+"
# said the same way to everybody
OF_ALL_LANGUAGES = {"Palabre", "SIRET", "RNA", "English", "Français", "Ctrl", "fr", "en", "JavaScript"}
# mails that people received stand in the mailbox as they were written
AS_WRITTEN = ("/gestion/courrier", "/static/", "/preferences")
# authors of a call read its form as they write it
FORM_EDITOR = re.compile(r"/gestion/appels/[^/]+/formulaire(/|$)")
SHOWN = ("aria-label", "title", "alt", "placeholder", "data-label", "label")
PAGES_A_SHAPE = 2


@cache
def catalogue() -> Catalog:
    """The English words, as translators keep them."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def words(message: Message) -> tuple[str, ...]:
    """The French of a message: one form, or two."""
    return tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)


def english(message: Message) -> tuple[str, ...]:
    """Its English."""
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string,)


def holes(sentences: tuple[str, ...]) -> set[str]:
    """What is filled in when they are said."""
    return {hole for sentence in sentences for hole in HOLE.findall(sentence)}


def marks(sentences: tuple[str, ...]) -> list[list[str]]:
    """The tags and percent signs of each."""
    return [sorted(MARKUP.findall(sentence)) for sentence in sentences]


def key(message: Message) -> Key:
    """What a message is looked up by."""
    context = message.context or ""
    return context.decode() if isinstance(context, bytes) else context, words(
        message
    ) if message.pluralizable else message.id


@pytest.fixture(scope="module")
def said() -> set[Key]:
    """Every sentence of the sources, as `./palabre translations` finds them."""
    with (ROOT / "config/babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, "_l": None}
    found = extract_from_dir(GRANTS, methods, options, keywords=keywords)
    return {(context or "", tuple(said) if isinstance(said, tuple) else said) for _, _, said, _, context in found}


# the catalogue


def test_every_sentence_of_the_sources_is_in_the_catalogue_and_no_other(said: set[Key]) -> None:
    kept = {key(message) for message in catalogue() if message.id}
    assert sorted(map(str, said - kept)) == [], "run ./palabre translations, then translate these"
    assert sorted(map(str, kept - said)) == [], "run ./palabre translations"


def test_every_sentence_is_translated() -> None:
    empty = [message.id for message in catalogue() if message.id and not all(english(message))]
    assert not empty
    assert not [message.id for message in catalogue() if message.id and message.fuzzy]


def test_a_translation_has_the_holes_and_the_marks_of_its_sentence() -> None:
    wrong = [
        message.id
        for message in catalogue()
        if message.id
        and (holes(words(message)) != holes(english(message)) or marks(words(message)) != marks(english(message)))
    ]
    assert not wrong


def test_a_sentence_that_counts_has_two_forms() -> None:
    for message in catalogue():
        if message.id:
            assert len(english(message)) == len(words(message)), message.id
    assert catalogue().num_plurals == 2


def test_english_is_not_written_with_french_signs() -> None:
    wrong = [sentence for message in catalogue() for sentence in english(message) if FRENCH_SIGNS.search(sentence)]
    assert not [sentence for sentence in wrong if not sentence.startswith("Project-Id-Version")]


def test_what_the_application_reads_is_what_translators_wrote() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    kept = {key(message): english(message) for message in catalogue() if message.id}
    assert {key(message): english(message) for message in compiled if message.id} == kept, "run ./palabre translations"


# the sources


def constants(tree: ast.AST) -> Iterator[ast.Constant]:
    """The texts of a module that nothing translates: no docstring, no argument of a function of translation."""
    aside: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            aside.add(node.value)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"_", "_l", "gettext", "ngettext"}
        ):
            aside |= {inner for argument in node.args for inner in ast.walk(argument)}
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in aside)


def test_pages_say_no_french_that_is_not_translated() -> None:
    left = [
        (path.relative_to(GRANTS), node.value)
        for path in GRANTS.glob("web/**/*.py")
        for node in constants(ast.parse(path.read_text("utf-8")))
        if isinstance(node.value, str) and FRENCH_LETTERS.search(node.value)
    ]
    assert [value for _, value in left if not value.isupper()] == ["Français"], left


def untranslated(source: str) -> str:
    """The words of a template between its tags and outside its blocks of translation; commands (`pre`) are no words."""
    pieces, inside = [], ""
    for _, kind, value in Environment(extensions=["jinja2.ext.i18n"]).lex(source):  # noqa: S701 -- nothing is rendered
        if kind == "name" and value in {"trans", "endtrans"}:
            inside = value
        if kind == "data" and inside != "trans":
            pieces.append(value)
        elif kind in {"variable_begin", "block_begin"}:
            pieces.append("\x00")
    bare = re.sub(
        r"<(style|script|pre)\b.*?</\1>|<[^>]*>|[\w-]+=\"[^\"]*\"|\bplain( agreement| printout)?\b|/\S*|&\w+;|#\w+",
        " ",
        "".join(pieces),
        flags=re.DOTALL,
    )
    return bare.replace("\x00", " ")


def test_templates_say_nothing_that_is_not_translated() -> None:
    left = {
        (str(path.relative_to(GRANTS / "templates")), word)
        for path in GRANTS.glob("templates/**/*")
        if path.suffix in {".html", ".txt"}
        for word in re.findall(r"[^\W\d_]{2,}", untranslated(path.read_text("utf-8")))
    }
    assert not {one for one in left if one[1] not in OF_ALL_LANGUAGES}


# no French left


@cache
def french() -> tuple[frozenset[str], tuple[tuple[str, re.Pattern[str]], ...]]:
    """The French sentences: those said as they stand, and those with holes (their longest piece, and a pattern)."""
    plain, holed = set(), []
    for message in catalogue():
        for sentence, translation in zip(words(message), english(message), strict=False) if message.id else ():
            flat = one_line(re.sub(r"<[^>]*>", "", sentence).replace("%%", "%"))
            if flat == one_line(translation):
                continue
            pieces = HOLE.split(flat)
            if len(pieces) == 1:
                plain.add(flat)
            elif found := LETTERS.search(max(pieces, key=len)):
                hole = ".*" if " " in found[0] and len(max(pieces, key=len)) > SHORT else FIGURE
                holed.append((max(pieces, key=len), re.compile(hole.join(map(re.escape, pieces)))))
    shared = {one_line(sentence) for message in catalogue() for sentence in english(message)}
    return frozenset(plain - shared), tuple(holed)  # « Notes » is a word of both


def one_line(text: str) -> str:
    """A text with simple spaces."""
    return " ".join(text.split())


def is_french(text: str) -> bool:
    """Whether this is a sentence of ours that stayed French."""
    plain, holed = french()
    return text in plain or any(piece in text and pattern.fullmatch(text) for piece, pattern in holed)


def test_a_sentence_that_stayed_french_is_recognised() -> None:
    assert is_french("Mes candidatures")
    assert is_french("En retard de 67 jours")
    assert not is_french("My applications")
    assert not is_french("67 days late")


@pytest.mark.db
@pytest.mark.usefixtures("database")
def test_every_mail_is_written_in_the_language_of_its_reader(tmp_path: Path) -> None:
    stage, doors = Stage(), letters.doors(tmp_path)
    for name in promised_names():
        row, recipient, payload = stage.about(name)
        with transaction() as session:
            session.get_one(Account, recipient.id).language = "en"
        with reading() as session:
            message = mail.compose(session, task_of(name, row, recipient, payload), doors)
        lines = [one_line(line) for line in (message.subject, *message.text.splitlines())]
        assert message.language == "en", name
        assert lines[1].startswith("Hello "), name
        assert "Kind regards," in lines, name
        assert not [line for line in lines if is_french(line)], name


@pytest.mark.db
@pytest.mark.usefixtures("database")
def test_a_mail_in_english_writes_amounts_and_days_as_the_english_do(tmp_path: Path) -> None:
    stage = Stage()
    row, recipient, payload = stage.about("accepted")
    with transaction() as session:
        session.get_one(Account, recipient.id).language = "en"
    with reading() as session:
        message = mail.compose(session, task_of("accepted", row, recipient, payload), letters.doors(tmp_path))
    assert message.subject.endswith(": your project is supported")
    assert "It is awarded a grant of €15,500." in message.text


@pytest.mark.db
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_letter_of_a_decision_can_be_drawn_in_english(outcome: Outcome, tmp_path: Path) -> None:
    stage, doors = Stage(), letters.doors(tmp_path)
    decision = letters.a_decision(stage.world, outcome, reason_code="ranked")
    lines = drawn("decision-letter", decision, stage, doors)
    assert "Dear Sir or Madam," in lines
    assert "Lille, Friday 19 December 2025" in lines
    if outcome in (Outcome.AWARDED, Outcome.AWARDED_WITH_CONDITIONS):
        assert "€15,500" in lines
    assert not [line for line in lines if is_french(line)]


@pytest.mark.db
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("kind", ["receipt", "inadmissible", "ineligible", "agreement"])
def test_the_other_documents_can_be_drawn_in_english(kind: str, tmp_path: Path) -> None:
    stage, doors = Stage(), letters.doors(tmp_path)
    for rule in ("received_before_deadline", "within_rate", "duration_between", "territory_in_france"):
        letters.a_failed_check(stage.world, stage.file, rule)
    lines = drawn(kind, stage.agreement if kind == "agreement" else stage.file, stage, doors)
    own = given_names()
    assert not [line for line in lines if is_french(line) and line not in own]
    assert any("20" in line and re.search(r"\d+ [A-Z][a-z]+ 20\d\d", line) for line in lines)


def drawn(kind: str, row: object, stage: Stage, doors: Doors) -> list[str]:
    """The texts of a document drawn in English, one for each piece between tags."""
    task = task_of(kind, row, stage.world.accounts["lead"], {})
    with reading() as session:
        page = doors.renderer.document(kind, "en", document.told(session, task, doors))
    return [text for text, _ in texts(page)]


def texts(page: str) -> Iterator[tuple[str, str]]:
    """Every text of a page with the element or attribute that shows it; what people type and copy is left out."""
    for element in html5lib.parse(page, namespaceHTMLElements=False).iter():
        if not isinstance(element.tag, str):
            continue
        shown = [(element.get(name), name) for name in SHOWN]
        shown += [(element.text, element.tag)] if element.tag not in {"script", "style", "textarea"} else []
        shown.append((element.tail, "tail"))
        yield from ((one_line(text), where) for text, where in shown if text and text.strip())


# the demonstration, read in English


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demonstration in a deployment of its own."""
    world = worlds.found(tmp_path_factory.mktemp("english") / "data")
    replay.load(world.doors, lambda _words: None)
    yield world
    world.close()


def given_names() -> set[str]:
    """What people named or wrote: criteria and steps of projects by the authors of calls, votes by the committee."""
    with reading() as session:
        calls = session.scalars(select(Call)).all()
        steps = [step["name"] for call in calls for template in call.milestones.values() for step in template]
        votes = [words for words in session.scalars(select(Decision.votes)) if words]
        return {one_line(name) for name in (*(one.name for call in calls for one in call.criteria), *steps, *votes)}


def form_words() -> set[str]:
    """The titles and questions of the form that calls begin with."""
    return {
        one_line(words) for part in DEFAULT_FORM.sections for words in (part.title, *(one.label for one in part.fields))
    }


def reader(app: Flask, email: str) -> FlaskClient:
    """Somebody who chose English, signed in when they have an address."""
    client = app.test_client()
    client.set_cookie(LANGUAGE_COOKIE, "en")
    if email:
        with transaction() as session:
            account = session.scalars(select(Account).where(Account.email == email)).one()
            client.set_cookie(app.config["SIGN_IN_COOKIE"], builders.a_session(session, account))
    return client


def walk(get: Callable[[str], tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """(address, page) of what links lead to, a few pages of each kind, from the doors of the house."""
    ahead, seen, shapes = ["/", "/en/", "/en/appels", "/en/projets", "/demo", "/mon-compte"], set(), {}
    while ahead:
        address = ahead.pop(0)
        shape = re.sub(r"[a-z0-9]{16}", "*", address.split("?")[0])
        shapes[shape] = shapes.get(shape, 0) + (address not in seen)
        if address in seen or shapes[shape] > PAGES_A_SHAPE or address.startswith(AS_WRITTEN):
            continue
        seen.add(address)
        there, page = get(address)
        if page:
            yield there, page
        for link in re.findall(r'<a\b[^>]*?href="([^"]+)"', page):
            target = urlsplit(urljoin(there, link.replace("&amp;", "&")))
            if not target.netloc and target.path:
                ahead.append(target.path + (f"?{target.query}" if target.query else ""))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("email", ["", *(line.email for line in DEMO_ACCOUNTS)])
def test_no_page_of_the_demonstration_keeps_a_french_sentence(loaded: World, email: str) -> None:
    loaded.bind()
    with frozen(replay.ENDING), loaded.app.app_context():
        client = reader(loaded.app, email)
        own, written = given_names(), form_words()

        def get(address: str) -> tuple[str, str]:
            answer = client.get(address, follow_redirects=True)
            assert answer.status_code < 500, address
            return answer.request.path, answer.text if answer.mimetype == "text/html" else ""

        read = list(walk(get))
        left = {(there, text) for there, page in read for text, _ in texts(page) if is_french(text) and text not in own}
        left = {(there, text) for there, text in left if not (FORM_EDITOR.match(there) and text in written)}
    assert len(read) > len(DEMO_ACCOUNTS)
    assert not left
    assert all('<html lang="en"' in page for there, page in read if not there.startswith("/fr/"))
