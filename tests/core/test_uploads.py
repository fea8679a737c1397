"""What may be handed in: by what the bytes are, whatever the name says; and what is left of it afterwards."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import StopUpload
from django.test import RequestFactory
from docx import Document as WordDocument
from PIL import Image, PngImagePlugin

from core import papers
from core.uploads import PapersField, Refused, accepted, pdfs, pictures
from core.uploads.accepting import plain_name

PLACE = b"GPS-25.0389-102.7183"


def photo(form: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    picture = Image.new("RGB", size, (200, 30, 30))
    into = io.BytesIO()
    if form == "JPEG":
        exif = Image.Exif()
        exif[0x010E] = PLACE.decode()
        exif[0x0112] = 6  # turned by the camera
        picture.save(into, form, exif=exif, comment=PLACE)
    else:
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", PLACE.decode())
        picture.save(into, form, pnginfo=text)
    return into.getvalue()


def pdf(body: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + body + b" >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def packed(inside: bytes, more: bytes = b"/Filter /FlateDecode") -> bytes:
    return (
        b">>\nendobj\n2 0 obj\n<< /Type /ObjStm "
        + more
        + b" >>\nstream\n"
        + zlib.compress(inside)
        + b"\nendstream\nendobj\n3 0 obj\n<<"
    )


def word(change: Callable[[dict[str, bytes]], None] | None = None) -> bytes:
    into = io.BytesIO()
    document = WordDocument()
    document.add_paragraph("回函")
    document.core_properties.author = "王某"
    document.save(into)
    with zipfile.ZipFile(into) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    if change:
        change(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return made.getvalue()


def why(name: str, content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        accepted(name, content)
    return refused.value.code


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_an_image_loses_what_it_says_beside_the_picture(form: str) -> None:
    raw = photo(form)
    assert PLACE in raw
    kept = accepted("现场.jpg", raw + b"<script>hidden</script>")
    assert kept.type.code == form.lower()
    assert PLACE not in kept.content
    assert b"script" not in kept.content
    picture = Image.open(io.BytesIO(kept.content))
    assert dict(picture.getexif()) == {}
    assert picture.size == ((30, 40) if form == "JPEG" else (40, 30))  # standing as it was taken


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn(settings: object) -> None:
    settings.PAPER_MAX_PIXELS = 1000  # type: ignore[attr-defined]
    assert why("a.png", photo("PNG")) == "pixels"


def test_a_broken_picture_is_refused() -> None:
    assert why("a.jpg", photo()[:200]) == "broken"
    assert why("a.png", photo("PNG")[:60]) == "broken"


@pytest.mark.parametrize(
    "content", [b"<html><script>", b"MZ\x90\x00", b"GIF89a", b"<?xml version='1.0'?><svg/>", b"\x7fELF", b"PK\x05\x06" + b"\0" * 18]
)  # fmt: skip
def test_the_name_does_not_count(content: bytes) -> None:
    assert why("判决书.pdf", content) == "type"


def test_a_plain_pdf_is_kept_as_it_is() -> None:
    assert accepted("a.exe", pdf()).content == pdf()
    made = papers.pdf_of(papers.Paper(issuer="五华区妇联", title="回函", number="一", facts=[("甲", "乙")]))
    assert accepted("回函.pdf", made).type.code == "pdf"


@pytest.mark.parametrize(
    "body",
    [
        b"/OpenAction << /S /JavaScript /JS (app.alert) >>",
        b"/OpenAction << /S /J#61va#53cript /JS (app.alert) >>",
        b"/AA << /O << /S /Launch /F (cmd.exe) >> >>",
        b"/Names << /EmbeddedFiles 4 0 R >>",
        b"/A << /S /SubmitForm /F (http://x) >>",
        b"/AcroForm << /XFA 5 0 R >>",
        packed(b"1 0 << /S /JavaScript /JS (x) >>"),
        packed(b"1 0 << /S /Lau#6ech >>"),
        packed(b"x" * (pdfs.PIECE - 5) + b"/JavaScript "),  # across two pieces
        packed(b"", b"/Filter [/ASCIIHexDecode /FlateDecode]"),
        packed(zlib.compress(b"1 0 << /S /JavaScript >>"), b"/Filter [/FlateDecode /FlateDecode]"),
        packed(b"", b"/Filter 5 0 R"),
        packed(b"", b"/Filter [ /RL /Fl ]"),
        packed(b"1 0 << /S /JavaScript /JS (x) >>").replace(
            b"\nstream\n", b"\nstream  %x\n"
        ),  # as a patient reader takes it
        packed(b"1 0 << /S /JavaScript /JS (x) >>")[:-40]
        + b"\nendstream\nendobj\n3 0 obj\n<<",  # broken behind the script
        packed(b"", b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>"),
        packed(b"", b"/N 1 /First 4 /DecodeParms << /Predictor 12 >>").replace(b"/Type /ObjStm", b""),
        b"/Length 9 >>\nstream\n/JavaScript (x)\nendstream\n<<",  # in the clear, where a length could hide it
    ],
)
def test_a_pdf_that_does_something_is_refused(body: bytes) -> None:
    assert why("a.pdf", pdf(body)) == "active"


def test_lists_of_places_and_images_may_be_predicted() -> None:
    kept = pdf(
        packed(b"0 1 2", b"/W [1 2 1] /Filter /FlateDecode /DecodeParms << /Predictor 12 >>").replace(
            b"/ObjStm", b"/XRef"
        )
    )
    assert accepted("a.pdf", kept).content == kept


def test_a_pdf_that_cannot_be_looked_into_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert why("a.pdf", pdf(b"/Encrypt 9 0 R")) == "locked"
    assert why("a.pdf", b"%PDF-1.7\n1 0 obj") == "broken"
    monkeypatch.setattr(pdfs, "MOST_UNPACKED", 1000)
    assert why("a.pdf", pdf(packed(b"0" * 5000))) == "unpacked"


def test_a_word_document_is_packed_anew_without_its_author() -> None:
    kept = accepted("回函.docx", word() + b"appended")
    with zipfile.ZipFile(io.BytesIO(kept.content)) as package:
        assert b"appended" not in kept.content
        assert "王某" not in package.read("docProps/core.xml").decode()
    assert [p.text for p in WordDocument(io.BytesIO(kept.content)).paragraphs] == ["回函"]


def _illustrated(parts: dict[str, bytes]) -> None:
    """Two photos, a change that is tracked and a note in the margin."""
    parts["word/media/image1.jpeg"], parts["word/media/image2.png"] = photo(), photo("PNG")
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    parts["word/comments.xml"] = (
        f'<w:comments xmlns:w="{space}"><w:comment w:id="0" w:author="王某" w:initials="王"><w:p/></w:comment></w:comments>'.encode()
    )


def test_photos_in_a_word_document_lose_their_place_and_notes_their_writer() -> None:
    with zipfile.ZipFile(io.BytesIO(accepted("回函.docx", word(_illustrated)).content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, form in (("word/media/image1.jpeg", "JPEG"), ("word/media/image2.png", "PNG")):
        assert PLACE not in parts[name]
        picture = Image.open(io.BytesIO(parts[name]))
        picture.load()
        assert (picture.format, picture.size, dict(picture.getexif())) == (form, (40, 30), {})
    assert "王".encode() not in parts["word/comments.xml"]
    assert b'id="0"' in parts["word/comments.xml"]


@pytest.mark.parametrize(
    "beginning", [b"II*\x00", b"MM\x00*", b"\x00\x00\x00\x18ftypheic", b"RIFF\x10\x00\x00\x00WEBP"]
)
def test_pictures_that_keep_their_place_elsewhere_are_refused(beginning: bytes) -> None:
    assert why("a.docx", word(lambda parts: parts.update({"word/media/image1.tiff": beginning + PLACE}))) == "picture"


def test_photos_in_a_pdf_lose_their_place_and_nothing_moves() -> None:
    jpeg = photo()
    length = str(len(jpeg)).encode()
    body = (
        b">>\nendobj\n2 0 obj\n<< /Filter /DCTDecode /Length "
        + length
        + b" >>\nstream\n"
        + jpeg
        + b"\nendstream\nendobj\n3 0 obj\n<<"
    )
    kept = accepted("a.pdf", pdf(body)).content
    begin = kept.find(b"\xff\xd8\xff")
    picture = Image.open(io.BytesIO(kept[begin : begin + len(jpeg)]))
    picture.load()
    assert (len(kept), picture.size, dict(picture.getexif())) == (len(pdf(body)), (40, 30), {})
    assert b"Exif\x00\x00" not in kept


def test_what_a_broken_picture_says_of_its_lengths_is_not_believed() -> None:
    for content in (
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe1\xff\xff",
        b"\xff\xd8\xff\xe1\x00\x00" * 9,
        b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIDAT",
    ):
        assert len(pictures.plain(content)) <= len(content)
        assert len(pictures.blanked(content + b"\xff\xe1\x00\x01Exif\x00\x00" + PLACE)) > len(content)


def _macro(parts: dict[str, bytes]) -> None:
    parts["word/vbaProject.bin"] = b"x"


def _macro_type(parts: dict[str, bytes]) -> None:
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"wordprocessingml.document.main+xml", b"wordprocessingml.document.main+xml\" Other=\"x"
    ).replace(b'<Default Extension="xml" ContentType="application/xml"', b'<Default Extension="xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"')  # fmt: skip


def _template(parts: dict[str, bytes]) -> None:
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    parts["word/_rels/settings.xml.rels"] = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Type="' + kind + b'" Target="http://x/t.dotm" TargetMode="External"/></Relationships>'
    )


def _embedded(parts: dict[str, bytes]) -> None:
    parts["word/embeddings/sheet.xlsx"] = b"PK"


def _dde(parts: dict[str, bytes]) -> None:
    run = b"<w:p><w:r><w:instrText>DD</w:instrText></w:r><w:r><w:instrText>EAUTO cmd</w:instrText></w:r></w:p></w:body>"
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"</w:body>", run)


@pytest.mark.parametrize("change", [_macro, _macro_type, _template, _embedded, _dde])
def test_a_word_document_that_does_something_is_refused(change: Callable[[dict[str, bytes]], None]) -> None:
    assert why("a.docx", word(change)) == "active"


def test_a_zip_that_is_no_word_document_is_refused() -> None:
    assert why("a.docx", word(lambda parts: parts.pop("word/document.xml"))) == "type"  # type: ignore[arg-type,return-value]
    assert (
        why(
            "a.docx", word(lambda parts: parts.update({"word/styles.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}))
        )
        == "broken"
    )
    assert why("a.docx", word()[:900]) == "broken"


def test_size_is_limited(settings: object) -> None:
    settings.PAPER_MAX_BYTES = 100  # type: ignore[attr-defined]
    assert why("a.pdf", pdf(b"x" * 200)) == "too_large"
    assert why("a.pdf", b"") == "empty"


def test_a_name_is_only_its_last_part() -> None:
    assert plain_name("C:\\Users\\wang\\回函\u202efdp.exe\n") == "回函fdp.exe"
    assert len(plain_name("长" * 500)) == 120


def test_the_field_names_each_file_that_is_not_taken() -> None:
    from django import forms

    good = SimpleUploadedFile("好.pdf", pdf())
    assert [one.name for one in PapersField().clean([good])] == ["好.pdf"]
    assert PapersField(required=False).clean([]) == []
    with pytest.raises(forms.ValidationError) as told:
        PapersField().clean([SimpleUploadedFile("坏.exe", b"MZ"), SimpleUploadedFile("空.pdf", b"")])
    assert [error.code for error in told.value.error_list] == ["type", "empty", "again"]
    with pytest.raises(forms.ValidationError) as told:
        PapersField().clean([SimpleUploadedFile("好.pdf", pdf())] * 6)
    assert told.value.code == "too_many"


def test_what_is_too_large_is_counted_and_not_kept(settings: object) -> None:
    settings.PAPER_MAX_BYTES = 100_000  # type: ignore[attr-defined]
    big = SimpleUploadedFile("大.pdf", b"%PDF-" + b"x" * 900_000)
    request = RequestFactory().post("/", {"papers": [big, SimpleUploadedFile("小.pdf", pdf())], "text": "说明"})
    try:
        kept = request.FILES.getlist("papers")
    except StopUpload:
        pytest.fail("the text beside the file would be lost")
    assert request.POST["text"] == "说明"
    assert kept[0].size == 900_005
    assert len(kept[0].read()) < 300_000
    assert kept[1].read() == pdf()
