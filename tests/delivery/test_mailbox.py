"""The folder of delivered mails: one file a message, listed newest first, read by safe names alone."""

from datetime import UTC, datetime, timedelta

import pytest

from grants.delivery import mailbox, smtp
from grants.errors import NotFound

pytestmark = pytest.mark.pure

SENDER = "Palabre <bureau@palabre.example>"
NOON = datetime(2026, 12, 7, 11, 0, tzinfo=UTC)


def deliver(folder, number=1, recipient="awa@emdk.example", subject="Décision", text="Bonjour", **more):
    raw = smtp.to_bytes(
        smtp.Message(
            message_id=f"<outbox-{number}@palabre.example>",
            date=NOON + timedelta(minutes=number),
            sender=SENDER,
            recipient=recipient,
            subject=subject,
            text=text,
            **more,
        )
    )
    smtp.Folder(folder).send(raw, sender=SENDER, recipient=recipient)
    return raw


def test_a_message_delivered_twice_is_one_file(tmp_path):
    raw = deliver(tmp_path / "mailbox")
    deliver(tmp_path / "mailbox")
    (file,) = (tmp_path / "mailbox").iterdir()
    assert file.read_bytes() == raw


def test_mails_are_listed_newest_first_by_pages(tmp_path):
    for number in range(1, 6):
        deliver(tmp_path, number, subject=f"Message {number}")
    first, last = mailbox.list_messages(tmp_path, 1, 2), mailbox.list_messages(tmp_path, 3, 2)
    assert [entry.subject for entry in first.messages] == ["Message 5", "Message 4"]
    assert [entry.subject for entry in last.messages] == ["Message 1"]
    assert (first.total, first.pages, last.page) == (5, 3, 3)
    assert mailbox.list_messages(tmp_path, 99, 2).page == 3
    assert first.messages[0].sent_at == NOON + timedelta(minutes=5)


def test_a_list_can_be_narrowed_to_a_person_or_to_words(tmp_path):
    deliver(tmp_path, 1, recipient="awa@emdk.example", subject="Rappel", text="Le rapport est attendu à Kayes")
    deliver(tmp_path, 2, recipient="bob@emdk.example", subject="Décision")
    assert [entry.subject for entry in mailbox.list_messages(tmp_path, recipient="AWA@emdk.example").messages] == [
        "Rappel"
    ]
    assert [entry.subject for entry in mailbox.list_messages(tmp_path, q="KAYES rappel").messages] == ["Rappel"]
    assert mailbox.list_messages(tmp_path, q="Kayes décision").total == 0
    assert mailbox.list_messages(tmp_path, recipient="emdk.example").total == 0


def test_a_mail_can_be_read_with_its_files(tmp_path):
    deliver(tmp_path, text="Bonjour à tous", attachments=(smtp.Attachment("lettre.pdf", b"%PDF", "application/pdf"),))
    (entry,) = mailbox.list_messages(tmp_path).messages
    letter = mailbox.read_message(tmp_path, entry.name)
    assert entry.attachments == 1
    assert dict(letter.headers)["Subject"] == "Décision"
    assert letter.text.strip() == "Bonjour à tous"
    assert letter.attachments == (smtp.Attachment("lettre.pdf", b"%PDF", "application/pdf"),)


@pytest.mark.parametrize(
    "name", ["../secret.eml", "/etc/passwd", "", ".", "20261207T110000Z-0123456789abcdef.eml", "a\0b"]
)
def test_no_other_file_can_be_read(tmp_path, name):
    (tmp_path / "secret.eml").write_text("secret")
    (tmp_path / "box").mkdir()
    with pytest.raises(NotFound):
        mailbox.read_message(tmp_path / "box", name)


def test_a_link_in_the_folder_is_not_followed(tmp_path):
    (tmp_path / "secret").write_text("Date: Mon, 07 Dec 2026 11:00:00 +0000\n\nsecret")
    name = "20261207T110000Z-0123456789abcdef.eml"
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / name).symlink_to(tmp_path / "secret")
    with pytest.raises(NotFound):
        mailbox.read_message(tmp_path / "box", name)
    assert mailbox.list_messages(tmp_path / "box").total == 0


def test_an_absent_or_foreign_folder_is_an_empty_list(tmp_path):
    (tmp_path / "notes.txt").write_text("not a mail")
    assert mailbox.list_messages(tmp_path).messages == ()
    assert mailbox.list_messages(tmp_path / "nowhere").pages == 1


def test_a_disk_that_refuses_is_a_temporary_problem(tmp_path):
    (tmp_path / "mailbox").write_text("in the way")
    with pytest.raises(smtp.Temporary):
        deliver(tmp_path / "mailbox")
