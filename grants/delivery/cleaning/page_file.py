"""PDF files without who made them, with what, from what: the pages, their tags and their links stay."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, StreamDecodeLevel

from grants.delivery.cleaning.enclosed import bare_jpeg, bare_jpeg2000
from grants.delivery.cleaning.reasons import Reason, Withheld
from grants.delivery.inspection import page_file as inspection
from grants.delivery.inspection.reasons import Reason as Unfitness
from grants.delivery.inspection.reasons import Unfit

# what a reader needs of the catalogue; names, forms in XML, actions, enclosed files, permissions stay behind
_ROOT = frozenset(
    {
        *("/Type", "/Pages", "/PageLabels", "/Lang", "/MarkInfo", "/StructTreeRoot", "/OCProperties", "/Outlines"),
        *("/ViewerPreferences", "/PageMode", "/PageLayout", "/AcroForm", "/Dests", "/Names", "/Version"),
    }
)
_FORM = frozenset({"/Fields", "/DR", "/DA", "/Q", "/NeedAppearances"})
# wherever they stand: notes of programs, earlier hands, thumbnails, actions, enclosed files, threads, previous versions
_NOTES = frozenset(
    {
        *("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/AF", "/EF", "/JS", "/OPI", "/Ref"),
        *("/CreatorInfo", "/CreationDate", "/ModDate", "/Author", "/B", "/SeparationInfo", "/DPart", "/Alternates"),
    }
)
_LINKS = frozenset({"/URI", "/GoTo", "/Named"})  # the actions that only lead a reader somewhere
_MARKS = frozenset(
    {
        *("/Link", "/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight"),
        *("/Underline", "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Popup", "/Widget"),
    }
)
# of a remark: who, when, under which number, as rich text with its program, in reply to what
_REMARK = ("/T", "/M", "/NM", "/RC", "/CreationDate", "/IRT", "/Subj")
_DEEPEST = 60
_PHOTOGRAPHS = {"/DCTDecode": bare_jpeg, "/JPXDecode": bare_jpeg2000}
# what the inspection refuses for what it holds, and the cleaning takes out
_CLEANABLE = frozenset({Unfitness.ACTIVE_CONTENT, Unfitness.EMBEDDED_FILES})


def clean(data: bytes) -> bytes:
    """The copy of a PDF. Raises Withheld, Unfit."""
    try:
        inspection.inspect(data)
    except Unfit as unfit:
        if unfit.reason not in _CLEANABLE:
            raise
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            _clean(pdf)
            file = BytesIO()
            pdf.save(
                file,
                deterministic_id=True,  # a number of the copy, not of the original
                stream_decode_level=StreamDecodeLevel.none,
                object_stream_mode=ObjectStreamMode.generate,
                fix_metadata_version=False,
            )
    except pikepdf.PasswordError:
        raise Withheld(Reason.ENCRYPTED) from None
    except pikepdf.PdfError:
        raise Withheld(Reason.DAMAGED) from None
    _refuse_remains(file.getvalue())
    return file.getvalue()


def _clean(pdf: Pdf) -> None:
    if pdf.is_encrypted:
        raise Withheld(Reason.ENCRYPTED)
    if not len(pdf.pages):
        raise Withheld(Reason.DAMAGED)
    _drop(pdf.trailer, "/Info")
    _clean_catalogue(pdf)
    for page in pdf.pages:
        _clean_marks(page.obj)
    for one in list(pdf.objects):
        _clean_object(one, 0)


def _clean_catalogue(pdf: Pdf) -> None:
    """What is known of the file as a whole."""
    _keep(pdf.Root, _ROOT)
    if "/Names" in pdf.Root:
        _keep(pdf.Root.Names, frozenset({"/Dests"}))
        if not pdf.Root.Names.keys():
            del pdf.Root.Names
    if "/AcroForm" in pdf.Root:
        _keep(pdf.Root.AcroForm, _FORM)


def _keep(said: Object, kept: frozenset[str]) -> None:
    """Leave only these entries of a dictionary."""
    for key in [key for key in said.keys() if key not in kept]:  # noqa: SIM118 -- not a mapping
        del said[key]


def _clean_marks(page: Object) -> None:
    """Take out of a page what is no mark on paper: enclosed files, sounds, films, screens."""
    if not isinstance(page.get("/Annots"), Array):
        _drop(page, "/Annots")
        return
    page.Annots = Array([one for one in page.Annots if isinstance(one, Dictionary) and _marks(one)])


def _marks(said: Object) -> bool:
    """Whether this remark is a mark on paper."""
    return str(said.get("/Subtype", "")) in _MARKS


def _drop(said: Object, *keys: str) -> None:
    for key in keys:
        if key in said:
            del said[key]


def _clean_object(one: Object, depth: int) -> None:
    """Take the notes out of an object and of what stands inside it; what it refers to has its own turn."""
    if depth > _DEEPEST:
        raise Withheld(Reason.DAMAGED)
    if isinstance(one, Array):
        for below in one:
            _below(below, depth)
        return
    if not isinstance(one, (Dictionary, Stream)):
        return
    _clean_entries(one)
    if isinstance(one, Stream):
        _clean_picture(one)
    for key in one.keys():  # noqa: SIM118 -- not a mapping
        _below(one[key], depth)


def _below(value: Any, depth: int) -> None:  # noqa: ANN401 -- numbers come as numbers
    if isinstance(value, (Array, Dictionary)) and not value.is_indirect:
        _clean_object(value, depth + 1)


def _clean_entries(said: Object) -> None:
    _drop(said, *_NOTES)
    if "/Rect" in said and "/Subtype" in said and not _marks(said):
        _keep(said, frozenset())  # somebody may still point to it
    elif "/Rect" in said and said.get("/Subtype") != Name.Widget:
        _drop(said, *_REMARK)
    action = said.get("/A")
    if isinstance(action, Dictionary) and "/S" in action:
        _drop(action, "/Next")
        if str(action.S) not in _LINKS or str(action.get("/URI", "")).lower().startswith("file:"):
            del said["/A"]
    if "/ByteRange" in said or said.get("/Type") == Name.Sig:  # a signature holds its owner's certificate
        _keep(said, frozenset())
    if said.get("/Type") == Name.OCG and isinstance(said.get("/Usage"), Dictionary):
        _drop(said.Usage, "/CreatorInfo", "/User")


def _clean_picture(stream: Stream) -> None:
    """A photograph keeps what its camera noted inside of a PDF too."""
    filters = stream.get("/Filter")
    if isinstance(filters, Array) and len(filters) == 1:
        filters = filters[0]
    cleaner = _PHOTOGRAPHS.get(str(filters)) if isinstance(filters, Name) else None
    if cleaner is not None:
        told = stream.get("/DecodeParms")
        kept = told if isinstance(told, Dictionary) else None
        stream.write(cleaner(stream.read_raw_bytes()), filter=Name(str(filters)), decode_parms=kept)


def _refuse_remains(data: bytes) -> None:
    """Look at the copy with other eyes. Raises Withheld when it still says what it must not."""
    try:
        inspection.inspect(data)
    except Unfit:
        raise Withheld(Reason.NOT_CLEANED) from None
    with pikepdf.open(BytesIO(data)) as copy:
        if "/Info" in copy.trailer or any(
            key in one for one in _dictionaries(copy) for key in ("/Metadata", "/EF", "/JS")
        ):
            raise Withheld(Reason.NOT_CLEANED)


def _dictionaries(pdf: Pdf) -> Iterator[Object]:
    return (one for one in pdf.objects if isinstance(one, (Dictionary, Stream)))
