"""Text as it enters: one spelling, nothing invisible in names, nothing that is not text."""

import time
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grants.domain.text import (
    LONGEST_FILENAME,
    TextError,
    clean_filename,
    clean_line,
    clean_text,
    comparison_key,
    safe_next,
)

pytestmark = pytest.mark.pure

anything = st.text(st.characters(), max_size=60)
hostile = st.text(
    st.sampled_from("ae\u0301\u0308\u200d\u200c\u202e\u2066\ufeff\u2028\x00\t\r\n \u00a0\u0915\u094d\U0001f468/\\.:*"),
    max_size=40,
)


def reason(clean, text, limit=100):
    with pytest.raises(TextError) as refused:
        clean(text, limit)
    return refused.value.reason


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Rivages   Partagés ", "Rivages Partagés"),
        ("A\u030angstro\u0308m", "Ångström"),
        ("L\u2019eau\u00a0: un bien", "L\u2019eau : un bien"),
        ("\ufeffAtelier", "Atelier"),
        ("deux\r\nlignes", "deux lignes"),
        ("", ""),
        (" \n ", ""),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        ("\u0915\u200d a", "\u0915\u200d a"),
        ("\U0001f30d monde", "\U0001f30d monde"),
        ("<script>", "<script>"),
    ],
)
def test_a_line_is_brought_to_one_spelling(typed, kept):
    assert clean_line(typed, 100) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("a\x00b", "control"),
        ("a\x1b[31mb", "control"),
        ("a\x0bb", "control"),
        ("a\x85b", "control"),
        ("a\ud800b", "surrogate"),
        ("a\uffffb", "unassigned"),
        ("a\u0378b", "unassigned"),
        ("a\u202egpj.exe", "invisible"),
        ("a\u2066b", "invisible"),
        ("a\u200bb", "invisible"),
        ("a\u00adb", "invisible"),
        ("a\u200db", "invisible"),
        ("\u200da", "invisible"),
        ("a\u200d\u0915", "invisible"),
        ("a" + "\u0323" * 10, "marks"),
        ("a" * 101, "too_long"),
        ("a" * 50_000, "too_long"),
    ],
)
def test_a_line_refuses_what_is_not_seen(typed, why):
    assert reason(clean_line, typed) == why


def test_a_refusal_says_where_it_is():
    with pytest.raises(TextError) as refused:
        clean_line("abc\x00", 10)
    assert refused.value.params == {"position": 4}
    with pytest.raises(TextError) as refused:
        clean_line("abc\u200dd", 10)
    assert refused.value.params == {"position": 4}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("un\r\ndeux\rtrois\u2028quatre", "un\ndeux\ntrois\nquatre"),
        ("  a\tb  \n\n", "a\tb"),
        ("\u202aabc\u202c \u2067def\u2069", "abc def"),
        ("\u0645\u0631\u062d\u0628\u0627 \u200fabc", "\u0645\u0631\u062d\u0628\u0627 \u200fabc"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("e\u0301", "é"),
        ("10\u00a0000\u00a0€", "10\u00a0000\u00a0€"),
        ("Q" + "\u0316" * 8, "Q" + "\u0316" * 8),
        ("Q" + "\u0316" * 5 + "a" + "\u0316" * 5, "Q" + "\u0316" * 5 + "a" + "\u0316" * 5),
    ],
)
def test_a_free_text_keeps_what_people_write(typed, kept):
    assert unicodedata.normalize("NFC", kept) == clean_text(typed, 100)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("a\x00b", "control"),
        ("a\x0cb", "control"),
        ("\ud83d", "surrogate"),
        ("\ufffe", "unassigned"),
        ("Z" + "\u0316" * 9, "marks"),
        ("Z" + "\u0316" * 1000, "too_long"),
        ("a" * 101, "too_long"),
    ],
)
def test_a_free_text_refuses_what_is_no_text(typed, why):
    assert reason(clean_text, typed) == why


def test_the_limit_counts_code_points_of_what_is_kept():
    assert len(clean_text("e\u0301" * 100, 100)) == 100
    assert len(clean_text("\U0001f30d" * 100, 100)) == 100
    with pytest.raises(TextError) as refused:
        clean_text("e\u0301" * 101, 100)
    assert refused.value.params == {"limit": 100, "length": 101}


@pytest.mark.parametrize("clean", [clean_line, clean_text])
@given(text=anything | hostile)
@example(text=" \u0301a")
@example(text="\u0344\u0300")
def test_what_is_clean_stays_as_it_is(clean, text):
    try:
        kept = clean(text, 200)
    except TextError:
        return
    assert clean(kept, 200) == kept == unicodedata.normalize("NFC", kept)
    assert not {unicodedata.category(sign) for sign in kept} & {"Cs", "Cn"}
    assert "\x00" not in kept
    assert "\r" not in kept
    assert kept == kept.strip()


@given(anything)
def test_composed_and_decomposed_spellings_become_one(text):
    try:
        kept = clean_line(unicodedata.normalize("NFC", text), 200)
    except TextError:
        return
    assert clean_line(unicodedata.normalize("NFD", text), 800) == kept


def test_names_that_people_would_call_the_same_share_a_key():
    assert comparison_key(" A\u030aNGSTRO\u0308M ") == comparison_key("ångström")
    assert comparison_key("Stra\u00dfe") == comparison_key("STRASSE")
    assert comparison_key("\uff36ille  & Vivres") == comparison_key("ville & vivres")


@given(anything)
def test_a_key_is_its_own_key(text):
    assert comparison_key(comparison_key(text)) == comparison_key(text)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Budget 2027.xlsx", "Budget 2027.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x", "x"),
        ("a/b", "b"),
        ("..", "document"),
        ("", "document"),
        ("CON", "_CON"),
        ("nul.pdf", "_nul.pdf"),
        ("LPT1", "_LPT1"),
        ("contrat.pdf", "contrat.pdf"),
        (".htaccess", "htaccess"),
        ("a\r\nX: 1", "aX_ 1"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\x00.pdf", "a.pdf"),
        ("a\ud800.pdf", "a.pdf"),
        ('<"a|b?*">.pdf', "__a_b____.pdf"),
        ("e\u0301tat.pdf", "état.pdf"),
        ("a.pdf. .", "a.pdf"),
        ("dossier/", "dossier"),
        ("a\tb.pdf", "a b.pdf"),
    ],
)
def test_a_file_name_is_cleaned_with_its_suffix_visible(name, kept):
    assert clean_filename(name) == kept


def test_a_long_file_name_keeps_its_whole_suffix():
    assert clean_filename("x" * 300 + ".pdf") == "x" * 146 + ".pdf"
    assert clean_filename("x" * 150 + ".pdf") == "x" * 146 + ".pdf"
    assert clean_filename("x" * 146 + ".pdf") == "x" * 146 + ".pdf"
    assert clean_filename("x" * 200 + "." + "y" * 16) == "x" * 133 + "." + "y" * 16
    assert clean_filename("x" * 200 + "." + "y" * 17) == "x" * 150
    assert clean_filename("x" * 300) == "x" * 150
    assert clean_filename("x." + "y" * 300) == "x." + "y" * 148


@given(anything | hostile | st.text(max_size=400))
def test_any_file_name_becomes_a_safe_one(name):
    kept = clean_filename(name)
    assert 0 < len(kept) <= LONGEST_FILENAME
    assert not set(kept) & set('/\\<>:"|?*\r\n\t\x00')
    assert not kept.startswith((".", " "))
    assert not kept.endswith((".", " "))
    assert clean_filename(kept) == kept
    assert kept.encode()


@pytest.mark.parametrize("path", ["/dossiers", "/dossiers/k7?page=2", "/A1", "/appels/%C3%A9t%C3%A9", "/a?next=%2Fb"])
def test_a_path_of_ours_is_gone_on_to(path):
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil",
        "/%2Fevil.example",
        "/a//evil",
        "/a%2F%2Fevil",
        "/a%5Cevil",
        "/a?next=https://evil.example",
        "/a%0d%0aX: 1",
        "/a\r\n",
        "/a\x00",
        "/a%ff",
        "/a\ud800",
        " /a",
        "\t//evil",
        "/@evil",
        "/.evil",
        "/" + "a" * 2000,  # one sign too long
    ],
)
def test_any_other_path_is_not(path):
    assert safe_next(path) is None


@given(anything | hostile.map(lambda text: "/a" + text))
def test_whatever_is_gone_on_to_stays_here(path):
    kept = safe_next(path)
    assert kept is None or (kept == path and kept[0] == "/" and kept[1].isalnum() and "//" not in kept)


@pytest.mark.parametrize("sign", ["a", " ", "\u0301", "e\u0301", "\u200d", "\U0001f30d", "\r\n", "/", ".", "%2f", "%"])
@pytest.mark.parametrize("clean", [clean_filename, safe_next, comparison_key, lambda t: clean_text(t, 50_000)])
def test_fifty_thousand_signs_cost_little(sign, clean):
    text = "/a" + sign * (50_000 // len(sign) - 2)
    began = time.process_time()
    with suppress(TextError):
        clean(text)
    assert time.process_time() - began < 1
