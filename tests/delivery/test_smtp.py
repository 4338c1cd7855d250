"""The door for mail: an explicit envelope with one recipient, and the right answer for every way to fail."""

import socket
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller

from grants.delivery import smtp
from tests.delivery.mail_server import HANG_UP, scripted

pytestmark = [pytest.mark.pure, pytest.mark.smtp]

SENDER = "Palabre <bureau@palabre.example>"
RECIPIENT = "awa@emdk.example"
RAW = smtp.to_bytes(
    smtp.Message(
        message_id="<outbox-42@palabre.example>",
        date=datetime(2026, 12, 7, 11, 0, tzinfo=UTC),
        sender=SENDER,
        recipient=RECIPIENT,
        subject="Décision",
        text="Bonjour,\n.\n..deux points\nfin\n",
    )
)


class Sink:
    """Takes mail like a real server; answers what it is told to."""

    def __init__(self, to_recipient="250 OK", to_data="250 taken"):
        self.to_recipient = to_recipient
        self.to_data = to_data
        self.envelopes = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 -- named by the library
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- named by the library
        self.envelopes.append(envelope)
        return self.to_data


@pytest.fixture
def delivered():
    """Deliver through a real server that answers as told; gives back what it took."""
    controllers = []

    def deliver(sink):
        controller = Controller(sink, hostname="127.0.0.1", port=_free_port())
        controllers.append(controller)
        controller.start()
        server(controller.port).send(RAW, sender=SENDER, recipient=RECIPIENT)
        return sink.envelopes

    yield deliver
    for controller in controllers:
        controller.stop()


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def server(port):
    return smtp.Smtp(f"smtp://127.0.0.1:{port}?starttls=0", timeout=2.0)


def send(port):
    server(port).send(RAW, sender=SENDER, recipient=RECIPIENT)


def test_a_message_arrives_byte_for_byte_in_an_envelope_for_one(delivered):
    (envelope,) = delivered(Sink())
    assert envelope.content == RAW
    assert envelope.mail_from == "bureau@palabre.example"
    assert envelope.rcpt_tos == [RECIPIENT]


@pytest.mark.parametrize(
    ("sink", "problem"),
    [
        (Sink(to_recipient="451 later"), smtp.Temporary),
        (Sink(to_recipient="550 nobody here"), smtp.Permanent),
        (Sink(to_data="451 later"), smtp.Temporary),
        (Sink(to_data="552 too large"), smtp.Permanent),
    ],
)
def test_the_figure_of_the_answer_decides(delivered, sink, problem):
    with pytest.raises(problem) as caught:
        delivered(sink)
    assert caught.value.reason[0] in "45"


def test_leading_dots_are_doubled_on_the_way():
    with scripted() as one:
        send(one.port)
    (message,) = one.messages
    assert b"\r\n..\r\n...deux points\r\nfin\r\n" in message


@pytest.mark.parametrize("word", [b"hello", b"EHLO", b"MAIL", b"RCPT", b"DATA"])
def test_a_line_lost_before_the_message_is_temporary(word):
    with scripted({word: HANG_UP, b"HELO": HANG_UP}) as one, pytest.raises(smtp.Temporary):
        send(one.port)
    assert one.messages == []


def test_a_line_lost_in_the_middle_of_the_message_is_temporary():
    with scripted(read_data=False) as one, pytest.raises(smtp.Temporary):
        server(one.port).send(RAW + b"x" * 20_000_000, sender=SENDER, recipient=RECIPIENT)


def test_a_line_lost_after_the_message_is_uncertain():
    with scripted({b".": HANG_UP}) as one, pytest.raises(smtp.Uncertain):
        send(one.port)
    assert len(one.messages) == 1


def test_a_server_that_never_answers_the_message_is_uncertain():
    with scripted({b".": b"250-one moment\r\n"}) as one, pytest.raises(smtp.Uncertain):
        smtp.Smtp(f"smtp://127.0.0.1:{one.port}?starttls=0", timeout=0.3).send(RAW, sender=SENDER, recipient=RECIPIENT)


def test_a_line_lost_after_the_acceptance_is_a_delivery():
    with scripted({b"QUIT": HANG_UP}) as one:
        send(one.port)
    assert len(one.messages) == 1


@pytest.mark.parametrize(("answer", "problem"), [(b"421 closing\r\n", smtp.Temporary), (b"554 no\r\n", smtp.Permanent)])
@pytest.mark.parametrize("word", [b"MAIL", b"RCPT", b"DATA", b"."])
def test_every_step_may_be_refused(word, answer, problem):
    with scripted({word: answer}) as one, pytest.raises(problem):
        send(one.port)


def test_nobody_listening_is_temporary():
    with pytest.raises(smtp.Temporary):
        send(_free_port())


def test_without_encryption_nothing_is_sent_and_no_password_told():
    with scripted() as one, pytest.raises(smtp.Temporary):
        smtp.Smtp(f"smtp://user:pass-word@127.0.0.1:{one.port}", timeout=2.0).send(
            RAW, sender=SENDER, recipient=RECIPIENT
        )
    assert not any(line.startswith((b"AUTH", b"MAIL")) for line in one.heard)


def test_a_password_that_is_refused_is_temporary_and_not_repeated():
    script = {b"EHLO": b"250-here\r\n250 AUTH PLAIN\r\n", b"AUTH": b"535 no\r\n"}
    with scripted(script) as one, pytest.raises(smtp.Temporary) as caught:
        smtp.Smtp(f"smtp://user:p%40ss@127.0.0.1:{one.port}?starttls=0", timeout=2.0).send(
            RAW, sender=SENDER, recipient=RECIPIENT
        )
    assert "p@ss" not in caught.value.reason
    assert "cEBzcw" not in caught.value.reason


@pytest.mark.parametrize("recipient", ["a@x.org, evil@y.org", "a@x.org>\r\nRCPT TO:<evil@y.org", "Awa <a@x.org>"])
def test_an_envelope_has_one_plain_recipient(recipient):
    with pytest.raises(smtp.BadMessage):
        smtp.Smtp("smtp://127.0.0.1:1").send(RAW, sender=SENDER, recipient=recipient)


@pytest.mark.parametrize(
    ("url", "port", "starttls", "implicit"),
    [
        ("smtp://mail.example", 587, True, False),
        ("smtp://mail.example:25?starttls=0", 25, False, False),
        ("smtps://u:p@mail.example", 465, False, True),
    ],
)
def test_an_address_of_a_server_says_how_to_speak_to_it(url, port, starttls, implicit):
    one = smtp.Smtp(url)
    assert (one.host, one.port, one.starttls, one.implicit_tls) == ("mail.example", port, starttls, implicit)


@pytest.mark.parametrize("url", ["http://mail.example", "mail.example", "smtp://"])
def test_another_address_is_not_a_mail_server(url):
    with pytest.raises(ValueError, match="mail server"):
        smtp.Smtp(url)


def test_without_a_server_mails_go_to_the_folder(tmp_path):
    assert isinstance(smtp.transport_for("", tmp_path), smtp.Folder)
    assert isinstance(smtp.transport_for("smtp://mail.example", tmp_path), smtp.Smtp)
