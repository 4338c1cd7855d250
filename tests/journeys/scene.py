"""What every part of the story has at hand: the people, the clock, the documents that they attach and receive."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO

from pypdf import PdfReader, PdfWriter

from tests.journeys.cast import Cast
from tests.journeys.page import Person, Upload, plain
from tests.journeys.world import World


@dataclass
class Scene:
    """Who is there, and what was learnt on the way."""

    world: World
    cast: Cast
    people: Mapping[str, Person]
    notes: dict[str, str] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)

    def enter(self, key: str) -> Person:
        """This person comes to the service."""
        person = self.people[key]
        person.enter()
        return person


Step = Callable[[Scene], None]


def a_pdf(words: str) -> Upload:
    """A document of one page, as people attach them."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_metadata({"/Title": words})
    sheet = BytesIO()
    writer.write(sheet)
    return Upload(f"{words}.pdf", sheet.getvalue())


def words_of(pdf: bytes) -> str:
    """The text of a letter, as a reader of PDF finds it."""
    return plain("\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))
