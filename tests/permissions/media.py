"""Whatever a person or a machine can obtain, unfolded to text: pages, headers, cookies, workbooks, papers, calendars, logs, the broker.

A word that is planted must be found in each of them: test_media_proof.py plants one in every medium and looks.
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

import redis

WORD = "密语"  # every planted word begins so; what comes after it stands in no encoding but its own
_TAG = re.compile(r"<[^>]*>")
_TOKEN = re.compile(r"[A-Za-z0-9+/_=-]{24,}")
_ADDRESS = re.compile(r"""\s(?:href|action|src|hx-[a-z-]+|data-[a-z-]*url[a-z-]*|formaction)=["']([^"']*)["']""")


def said(response: Any) -> str:
    """Everything that came back: the body in whatever format, headers, and what the cookies hold."""
    content = b"".join(response.streaming_content) if getattr(response, "streaming", False) else response.content
    cookies = "\n".join(opened_token(morsel.value) for morsel in getattr(response, "cookies", {}).values())
    return "\n".join((unpacked(content), str(dict(response.headers)), cookies))


def unpacked(data: bytes) -> str:
    """The text in a file: archives opened, a PDF's glyphs read, anything else as UTF-8."""
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            texts = [unpacked(archive.read(name)) for name in archive.namelist()]
            # A word may be cut by marks of its format (<w:r>, <si>), so that the text without them is searched too.
            return "\n".join([*archive.namelist(), *texts, *(_TAG.sub("", text) for text in texts)])
    if data.startswith(b"%PDF-"):
        return pdf_text(data)
    return data.decode("utf-8", errors="replace")


def found(secrets: Iterable[str], text: str) -> set[str]:
    """Which of these words and numbers stand in the text, also escaped as for JSON, HTML or a URL, or broken over lines."""
    if not text:
        return set()
    shapes = text
    for change in (html.unescape, unquote):
        changed = change(text)
        shapes = shapes if changed == text else f"{shapes}\n{changed}"
    return {secret for secret in secrets if secret.removeprefix(WORD) in shapes}


def addresses(text: str) -> list[str]:
    """Every URL that a page names."""
    return [html.unescape(address) for address in _ADDRESS.findall(text)]


def opened_token(value: str) -> str:
    """A cookie's or stored session's value with everything that is only folded, not encrypted: base64 and zlib, as Django's signing does."""
    texts = [value, unquote(value)]
    for piece in _TOKEN.findall(value):
        raw = piece.strip("=").encode()
        try:
            data = base64.urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))
        except ValueError:
            continue
        texts.append(data.decode("utf-8", errors="replace"))
        try:
            texts.append(zlib.decompress(data).decode("utf-8", errors="replace"))
        except zlib.error:
            continue
    return "\n".join(texts)


def broker_text(url: str) -> str:
    """All keys and values of one numbered database of Valkey, whatever their type; Celery's folded bodies opened."""
    texts: list[str] = []
    with redis.Redis.from_url(url) as client:
        for key in client.scan_iter():
            texts.append(key.decode("utf-8", errors="replace"))
            kind = client.type(key)
            values: Any = {
                b"string": lambda k: [client.get(k) or b""], b"list": lambda k: client.lrange(k, 0, -1), b"set": client.smembers,
                b"zset": lambda k: client.zrange(k, 0, -1), b"hash": lambda k: [part for pair in client.hgetall(k).items() for part in pair],
                b"stream": lambda k: [json.dumps(str(client.xrange(k)), ensure_ascii=False).encode()],
            }[kind](key)  # fmt: skip
            texts += [opened_token(unpacked(value)) for value in values]
    return "\n".join(texts)


# --- PDF: as much of it as Typst writes ---------------------------------------------------------------------------------
_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(
    rb"/(\w+) [\d.]+ Tf|\((?:\\.|[^\\()])*\)|<([0-9A-Fa-f\s]+)>(?=[^<>]*?(?:TJ|Tj|[\]\d<(-]))", re.DOTALL
)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pdf_text(data: bytes) -> str:
    """The letters of a PDF in the order of its content, and its metadata. Raises ValueError for a PDF whose letters cannot be read."""
    if b" obj" not in data:  # a planted paper: nothing but its words
        return data.decode("utf-8", errors="replace")
    objects = {int(number): body for number, body in _OBJECT.findall(data)}
    streams = {number: _inflated(body) for number, body in objects.items() if b"stream" in body}
    fonts: dict[bytes, dict[int, str]] = {}
    for body in objects.values():
        for name, font in re.findall(rb"/(f\d+) (\d+) 0 R", body):
            mapped = re.search(rb"/ToUnicode (\d+) 0 R", objects.get(int(font), b""))
            if mapped:
                fonts[name] = _letters(streams[int(mapped.group(1))])
    contents = [stream for stream in streams.values() if b"BT" in stream and b"ET" in stream and b"Tf" in stream]
    if not contents or not fonts:
        raise ValueError("no text that could be searched")
    text = "".join(_shown(stream, fonts) for stream in contents)
    plain = [body.split(b"stream")[0] for body in objects.values()]
    plain += [stream for stream in streams.values() if stream not in contents]
    titles = [bytes.fromhex(word.decode()).decode("utf-16-be") for word in re.findall(rb"<FEFF([0-9A-F]+)>", data)]
    return "\n".join([text, *titles, *(part.decode("utf-8", errors="replace") for part in plain)])


def _inflated(body: bytes) -> bytes:
    match = _STREAM.search(body)
    raw = match.group(1) if match else b""
    # The line's end before `endstream` may eat a last byte that looks like one: what it closes is a checksum.
    return zlib.decompressobj().decompress(raw) if b"/FlateDecode" in body.split(b"stream")[0] else raw


def _letters(cmap: bytes) -> dict[int, str]:
    letters: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, to in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            letters[int(code, 16)] = bytes.fromhex(to.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, to in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                letters[int(first, 16) + step] = chr(int(to, 16) + step)
    return letters


def _shown(stream: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    letters: dict[int, str] = {}
    shown: list[str] = []
    for match in _SHOWN.finditer(stream):
        if match.group(1):
            letters = fonts.get(match.group(1), {})
            continue
        token = match.group(0)
        raw = bytes.fromhex(match.group(2).decode()) if match.group(2) else _unescaped(token[1:-1])
        shown += [letters.get(int.from_bytes(raw[at : at + 2]), "") for at in range(0, len(raw) - 1, 2)]
    return "".join(shown)


def _unescaped(text: bytes) -> bytes:
    def one(match: re.Match[bytes]) -> bytes:
        code = match.group(1)
        return bytes([int(code, 8) & 255]) if code[:1].isdigit() else _ESCAPES.get(code, code)

    return re.sub(rb"\\([0-7]{1,3}|.)", one, text, flags=re.DOTALL)
