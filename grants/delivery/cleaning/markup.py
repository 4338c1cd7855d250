"""XML read without fetching or unfolding anything, and written again without comments."""

from lxml import etree

from grants.delivery.cleaning.reasons import Reason, Withheld


def parsed(body: bytes) -> etree._Element:
    """The root of a part; comments and instructions to programs are gone. Raises Withheld for what is no plain XML."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        raise Withheld(Reason.DAMAGED) from None
    if root.getroottree().docinfo.internalDTD is not None:
        root.getroottree().docinfo.clear()  # old programs name the grammar of their manifest
    return root


def written(root: etree._Element) -> bytes:
    """The part again, with its prefixes as they were."""
    body: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return body


def local(name: object) -> str:
    """The name of an element or an attribute without its namespace."""
    return str(name).rpartition("}")[2]
