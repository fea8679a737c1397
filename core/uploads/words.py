"""A Word document is packed anew from the parts that it is made of: no macro, no embedded object, nothing fetched, no author, no place of a photo."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from django.utils.translation import gettext_lazy as _
from lxml import etree

from core.uploads import pictures
from core.uploads.refusing import Refused

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MOST_PARTS = 2000
MOST_UNPACKED = 100 * 1024 * 1024
CONTENT_TYPES, DOCUMENT = "[Content_Types].xml", "word/document.xml"
# Macros, ActiveX, objects of other programs, whole documents inside the document.
ACTIVE_PART = re.compile(
    r"vbaproject|vbadata|activex|oleobject|/embeddings/|/afchunk|\.(bin|exe|dll|js|vbs|html?|mht)$", re.IGNORECASE
)
ACTIVE_TYPE = re.compile(r"macroenabled|vbaproject|activex|oleobject", re.IGNORECASE)
# Fields that run a program or fetch when the document is opened.
ACTIVE_FIELD = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE)\b")
WRITERS = {"author", "initials", "userId"}  # of a change that is tracked, of a note; of who they are
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLAIN_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Who wrote it, where, with what: said by the paper itself where it matters.
NOBODY = {
    "docProps/core.xml": _PLAIN_XML
    + '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": _PLAIN_XML
    + '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": _PLAIN_XML
    + '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}


def packed_anew(content: bytes) -> bytes:
    """The document's parts in a fresh package. Raises Refused."""
    parts = _parts(content)
    if CONTENT_TYPES not in parts or DOCUMENT not in parts:
        raise Refused("type", _("Only PDF, JPEG, PNG and Word documents (.docx) are taken."))
    types = _xml(parts[CONTENT_TYPES])
    declared = {str(node.get("PartName", "")): str(node.get("ContentType", "")) for node in types.iter("{*}Override")}
    if declared.get(f"/{DOCUMENT}") != MAIN:
        raise Refused("type", _("Only PDF, JPEG, PNG and Word documents (.docx) are taken."))
    if any(ACTIVE_TYPE.search(str(node.get("ContentType", ""))) for node in types.iter("{*}Override", "{*}Default")):
        raise _active()
    for name, part in parts.items():
        if ACTIVE_PART.search(f"/{name}"):
            raise _active()
        if name.endswith(".rels"):
            _fetches_nothing(part)
        elif name.startswith("word/") and name.endswith(".xml"):
            parts[name] = _by_nobody(part, _runs_nothing(part))
        else:
            parts[name] = pictures.plain(part)
    return _package(parts)


def _active() -> Refused:
    return Refused("active", _("This Word document holds a macro or an object of another program, or fetches something. Save it as PDF, and take that."))  # fmt: skip


def _broken() -> Refused:
    return Refused("broken", _("This Word document cannot be opened. Save it once more, or save it as PDF."))


def _parts(content: bytes) -> dict[str, bytes]:
    """The parts by name, read within limits whatever the package says of their sizes."""
    parts: dict[str, bytes] = {}
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            if len(entries) > MOST_PARTS:
                raise _broken()
            for entry in entries:
                name = entry.filename
                if entry.flag_bits & 1 or name in parts or name.startswith("/") or ".." in name.split("/"):
                    raise _broken()
                with package.open(entry) as part:
                    parts[name] = part.read(left + 1)
                left -= len(parts[name])
                if left < 0:
                    raise _broken()
    # All that a damaged or hostile archive makes the library raise (an unknown packing is a RuntimeError): the file is refused in words.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        raise _broken() from None
    return parts


def _xml(part: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(part, parser)
    except etree.XMLSyntaxError:
        raise _broken() from None
    if tree.getroottree().docinfo.doctype:
        raise _broken()
    return tree


def _fetches_nothing(part: bytes) -> None:
    """Links may lead outside; a template, a picture or an object that is fetched on opening may not."""
    for relation in _xml(part).iter("{*}Relationship"):
        kind = str(relation.get("Type", ""))
        outside = str(relation.get("TargetMode", "")).lower() == "external"
        if ACTIVE_TYPE.search(kind) or (outside and not kind.endswith("/hyperlink")):
            raise _active()


def _runs_nothing(part: bytes) -> etree._Element:
    """A field's code may be cut into many runs: they are read together. Returns the part, read."""
    tree = _xml(part)
    code = "".join(str(node.text or "") for node in tree.iter(f"{WORD}instrText"))
    simple = " ".join(str(node.get(f"{WORD}instr", "")) for node in tree.iter(f"{WORD}fldSimple"))
    if ACTIVE_FIELD.search(f"{code} {simple}"):
        raise _active()
    return tree


def _by_nobody(part: bytes, tree: etree._Element) -> bytes:
    """The part without the names of those who changed it or wrote notes in its margin."""
    names = [(node, name) for node in tree.iter() for name in node.keys() if etree.QName(name).localname in WRITERS]  # noqa: SIM118 -- an element is no mapping
    if not names:
        return part
    for node, name in names:
        node.set(name, "")
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))


def _package(parts: dict[str, bytes]) -> bytes:
    into = io.BytesIO()
    first = [CONTENT_TYPES, *(name for name in parts if name != CONTENT_TYPES)]
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as package:
        for name in first:
            blank = NOBODY.get(name)
            package.writestr(zipfile.ZipInfo(name), blank.encode() if blank else parts[name], zipfile.ZIP_DEFLATED)
    return into.getvalue()
