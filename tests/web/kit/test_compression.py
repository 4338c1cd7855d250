"""What goes out compressed: texts, for those who take it, and never a length that tells a secret."""

import gzip
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from werkzeug.test import Client

from grants.web.kit.compression import SHORT, Compressed

pytestmark = pytest.mark.pure
TEXT = ("Une phrase. " * 200).encode()


def answering(body: bytes, *headers: tuple[str, str], status: str = "200 OK") -> Client:
    def inner(_environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        start(status, list(headers))
        return [body]

    return Client(Compressed(inner))


HTML = ("Content-Type", "text/html; charset=utf-8")
TAKES = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_page_is_compressed_for_whoever_takes_it() -> None:
    answer = answering(TEXT, HTML, ("ETag", '"a"'), ("Vary", "Cookie")).get("/", headers=TAKES)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Cookie, Accept-Encoding"
    assert answer.headers["ETag"] == 'W/"a"'
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(TEXT) / 5
    assert gzip.decompress(answer.data) == TEXT


def test_whoever_does_not_take_it_gets_the_page_as_it_is() -> None:
    answer = answering(TEXT, HTML).get("/")
    assert answer.data == TEXT
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        ("200 OK", [("Content-Type", "application/pdf")], TEXT),
        ("200 OK", [HTML], TEXT[: SHORT - 1]),
        ("304 NOT MODIFIED", [HTML], b""),
        ("206 PARTIAL CONTENT", [HTML], TEXT),
        ("200 OK", [HTML, ("Content-Encoding", "br")], TEXT),
    ],
)
def test_files_short_answers_and_parts_stay_as_they_are(
    status: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    assert answering(body, *headers, status=status).get("/", headers=TAKES).data == body


def test_the_length_of_the_same_page_varies() -> None:
    client = answering(TEXT, HTML)
    assert len({len(client.get("/", headers=TAKES).data) for _ in range(20)}) > 1
