"""Words for mails and documents: complete, in the reader's language, without a stranger's links or markup."""

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from jinja2 import TemplateNotFound, UndefinedError

from grants.delivery.templating import Renderer

pytestmark = pytest.mark.pure

BASE = "https://palabre.example"


@pytest.fixture
def renderer(tmp_path):
    """A renderer with one mail, one document and an English catalogue."""
    templates, translations = tmp_path / "templates", tmp_path / "translations"
    mail, documents, english = (
        templates / "mails" / "accepted",
        templates / "documents",
        translations / "en" / "LC_MESSAGES",
    )
    for folder in (mail, documents, english):
        folder.mkdir(parents=True)
    (mail / "subject.txt").write_text("{{ _('Décision :') }} {{ title }}\n")
    (mail / "body.txt").write_text(
        "{{ _('Bonjour %(name)s,', name=name) }}\n\n{% if cents %}\n{{ cents|euros }}\n{% endif %}\n\n\n\n{{ link }}   \n"
    )
    (documents / "decision-letter.html").write_text("<p>{{ _('Décision :') }} {{ title }} {{ cents|euros }}</p>")
    (documents / "letter.css").write_text("p { color: red }")
    catalogue = Catalog(locale="en")
    catalogue.add("Décision :", "Decision:")
    catalogue.add("Bonjour %(name)s,", "Dear %(name)s,")
    with (english / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    return Renderer(templates, translations, BASE)


def mail(renderer, language="fr", **changes):
    given = {"title": "L’eau à Kayes", "name": "Awa", "cents": 2_250_000, "link": f"{BASE}/suivi/4"}
    return renderer.mail("accepted", language, {**given, **changes})


def test_a_mail_is_a_subject_and_a_text(renderer):
    subject, text = mail(renderer)
    assert subject == "Décision : L’eau à Kayes"
    assert text.replace("\u202f", " ").replace("\u00a0", " ") == f"Bonjour Awa,\n\n22 500 €\n\n{BASE}/suivi/4\n"


def test_a_mail_in_english_uses_the_catalogue(renderer):
    subject, text = mail(renderer, "en")
    assert subject == "Decision: L’eau à Kayes"
    assert text.startswith("Dear Awa,\n\n€22,500\n")


def test_a_missing_catalogue_means_french(renderer):
    assert mail(renderer, "fr")[0].startswith("Décision")


def test_a_missing_word_is_an_error_and_not_a_hole(renderer):
    with pytest.raises(UndefinedError):
        renderer.mail("accepted", "fr", {"title": "x"})


def test_an_unknown_mail_is_an_error(renderer):
    with pytest.raises(TemplateNotFound):
        renderer.mail("rejected", "fr", {})


@pytest.mark.parametrize("name", ["../secret", "a/b", "", "A", "a.b"])
def test_a_name_is_never_a_path(renderer, name):
    for ask in (
        lambda: renderer.mail(name, "fr", {}),
        lambda: renderer.document(name, "fr", {}),
        lambda: renderer.stylesheet(name),
    ):
        with pytest.raises(ValueError, match=name or None):
            ask()


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("http://evil.tld/a?b=c", "http[:]//evil[.]tld/a?b=c"),
        ("voir www.evil.tld", "voir www[.]evil[.]tld"),
        ("[cliquez](https://evil.tld)", "[cliquez](https[:]//evil[.]tld)"),
        ('<a href="http://evil.tld">x</a>', '<a href="http[:]//evil[.]tld">x</a>'),
        ("evil.com", "evil[.]com"),
        ("evil.fr/connexion", "evil[.]fr/connexion"),
        (f"{BASE}@evil.tld/", "https[:]//palabre[.]example@evil[.]tld/"),
        (f"{BASE}.evil.tld/", "https[:]//palabre[.]example[.]evil[.]tld/"),
        ("HTTPS://EVIL.TLD", "HTTPS[:]//EVIL[.]TLD"),
        (f"{BASE}/suivi", f"{BASE}/suivi"),
        ("awa@emdk.example", "awa@emdk.example"),
        ("rapport.pdf", "rapport.pdf"),
        ("Association E.M.D.K.", "Association E.M.D.K."),
        ("3.50", "3.50"),
    ],
)
def test_addresses_that_people_wrote_are_no_links_in_mails(renderer, written, sent):
    assert f"Bonjour {sent}," in mail(renderer, name=written)[1].replace("\u202f", " ").replace("\u00a0", " ")


def test_addresses_in_a_translated_sentence_are_no_links_either(renderer, tmp_path):
    body = tmp_path / "templates" / "mails" / "accepted" / "body.txt"
    body.write_text(
        "{% trans title=title %}Votre projet « {{ title }} » est retenu.{% endtrans %}\n\n{{ base }}/suivi/4\n"
    )
    text = mail(renderer, title="www.evil.tld", base=BASE)[1]
    assert "www[.]evil[.]tld" in text
    assert f"\n{BASE}/suivi/4\n" in text


def test_values_are_not_read_as_templates(renderer):
    assert "{{ 7*7 }}" in mail(renderer, name="{{ 7*7 }}")[1]


def test_a_subject_is_one_line_of_bearable_length(renderer):
    assert mail(renderer, title="a\r\nBcc: evil@example.org\x00")[0] == "Décision : a Bcc: evil@example.org"
    long = mail(renderer, title="mot " * 100)[0]
    assert len(long) <= 200
    assert long.endswith("mot…")


def test_a_text_holds_nothing_invisible(renderer):
    assert mail(renderer, name="a\x00b\x1b[2Jc\u2028d")[1].startswith("Bonjour ab[2Jcd,\n")


def test_values_in_a_document_are_escaped(renderer):
    html = renderer.document("decision-letter", "fr", {"title": "<script>x</script>", "cents": 100})
    assert "&lt;script&gt;" in html
    assert "1\u00a0€" in html


def test_a_document_keeps_addresses_as_they_are(renderer):
    assert "www.emdk.example" in renderer.document("decision-letter", "en", {"title": "www.emdk.example", "cents": 1})


def test_the_stylesheet_of_letters_is_given_as_it_stands(renderer):
    assert renderer.stylesheet() == "p { color: red }"
