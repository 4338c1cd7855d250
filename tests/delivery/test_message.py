"""A mail as bytes: always the same, for one person, with nothing that a stranger added."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP

import pytest

from grants.delivery.message import Attachment, BadMessage, Message, bare_address, to_bytes

pytestmark = pytest.mark.pure

SENT_AT = datetime(2026, 12, 7, 11, 0, tzinfo=UTC)
LETTER = Attachment("décision n° 4.pdf", b"%PDF-1.7\n.\n" * 200, "application/pdf")


def a_message(**changes):
    given = {
        "message_id": "<outbox-42@palabre.example>",
        "date": SENT_AT,
        "sender": "Bureau des projets à Lille <bureau@palabre.example>",
        "recipient": "awa@emdk.example",
        "subject": "Décision sur « L’eau à Kayes »",
        "text": "Bonjour,\n.\nFrom Kayes\n",
    }
    return Message(**{**given, **changes})


def parsed(message):
    return message_from_bytes(to_bytes(message), policy=SMTP)


def test_the_same_message_gives_the_same_bytes():
    assert to_bytes(a_message(attachments=(LETTER,))) == to_bytes(a_message(attachments=(LETTER,)))
    assert to_bytes(a_message()) != to_bytes(a_message(message_id="<outbox-43@palabre.example>"))


def test_what_goes_in_can_be_read_again():
    mail = parsed(a_message(attachments=(LETTER, Attachment("b.txt", b"x", "text/plain"))))
    assert mail["Subject"] == "Décision sur « L’eau à Kayes »"
    assert mail["To"] == "awa@emdk.example"
    assert mail["From"].addresses[0].display_name == "Bureau des projets à Lille"
    assert mail["Date"].datetime == SENT_AT
    assert mail["Message-ID"] == "<outbox-42@palabre.example>"
    assert mail.get_body(("plain",)).get_content() == "Bonjour,\r\n.\r\nFrom Kayes\r\n"
    files = list(mail.iter_attachments())
    assert [file.get_filename() for file in files] == ["décision n° 4.pdf", "b.txt"]
    assert files[0].get_payload(decode=True) == LETTER.data


def test_machines_are_told_not_to_answer():
    mail = parsed(a_message())
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"


def test_it_is_plain_text_in_the_language_of_the_reader():
    mail = parsed(a_message(language="en"))
    assert mail.get_content_type() == "text/plain"
    assert mail["Content-Language"] == "en"
    assert parsed(a_message(attachments=(LETTER,)))["Content-Language"] == "fr"


def test_lines_are_short_ascii_and_end_as_mail_wants():
    raw = to_bytes(a_message(text="é" * 5000, attachments=(LETTER,)))
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_a_message_id_may_come_without_its_brackets():
    assert parsed(a_message(message_id="outbox-42@palabre.example"))["Message-ID"] == "<outbox-42@palabre.example>"


@pytest.mark.parametrize(
    "text", ["a\r\nBcc: evil@example.org", "a\nX: 1", "a\rb", "a\0b", "a\u2028b", "a\x85b", " ", ""]
)
@pytest.mark.parametrize("field", ["subject", "sender", "message_id", "language"])
def test_nothing_begins_a_header_of_its_own(field, text):
    with pytest.raises(BadMessage):
        to_bytes(a_message(**{field: text}))


def test_a_file_name_begins_no_header_either():
    with pytest.raises(BadMessage):
        to_bytes(a_message(attachments=(Attachment("a\r\nBcc: evil@example.org", b"", "text/plain"),)))


def test_a_media_type_is_one():
    with pytest.raises(BadMessage):
        to_bytes(a_message(attachments=(Attachment("a", b"", "text/plain\r\nX: 1"),)))


EVIL_ADDRESSES = [
    "a@x.org, evil@y.org",
    "a@x.org;evil@y.org",
    "a@x.org evil@y.org",
    '"a b"@x',
    "a@x.org>",
    "<a@x.org>",
    "Awa <a@x.org>",
    "a@x.org (evil@y.org)",
    "a@exämple.org",
    "é@x.org",
    "a@x.org\r\nRCPT TO:<evil@y.org>",
    "a@@x.org",
    "a..b@x.org",
    ".a@x.org",
    "@x.org",
    "a@",
    "a",
    "",
    f"{'a' * 65}@x.org",
    f"a@{'b.' * 160}org",
    "a@-x.org",
]


@pytest.mark.parametrize("address", EVIL_ADDRESSES)
def test_only_one_plain_address_is_an_address(address):
    with pytest.raises(BadMessage):
        bare_address(address)
    with pytest.raises(BadMessage):
        to_bytes(a_message(recipient=address))


@pytest.mark.parametrize("address", ["a@x.org", "awa.diop+eau@emdk.example", "o'neill@x-y.org", "root@localhost"])
def test_a_plain_address_is_left_as_it_is(address):
    assert bare_address(address) == address


def test_a_subject_has_a_length():
    to_bytes(a_message(subject="é" * 200))
    with pytest.raises(BadMessage, match="200"):
        to_bytes(a_message(subject="é" * 201))


def test_invisible_characters_do_not_leave_in_the_text():
    with pytest.raises(BadMessage):
        to_bytes(a_message(text="a\x00b"))


def test_a_date_needs_its_zone():
    with pytest.raises(BadMessage, match="zone"):
        to_bytes(a_message(date=datetime(2026, 12, 7)))  # noqa: DTZ001 -- the point
