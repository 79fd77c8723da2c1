"""The text of a PDF as one who copies it has it: character codes, read by the maps of its fonts."""

from __future__ import annotations

import re
import zlib

HEX = rb"<([0-9a-fA-F]+)>"
SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|\[(.*?)\]\s*TJ|<([0-9a-fA-F]+)>\s*Tj", re.DOTALL)


def pdf_text(data: bytes) -> str:
    """All that is written in a PDF made by Qt, in the order of painting."""
    found = re.findall(rb"^(\d+) 0 obj\s(.*?)\sendobj", data, re.DOTALL | re.MULTILINE)
    objects = {int(number): body for number, body in found}
    fonts = {
        name: _read_map(_stream(objects[int(unicodes[1])]))
        for body in objects.values()
        for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", body)
        if (unicodes := re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)]))
    }
    pages = (_stream(body) for body in objects.values() if b"stream" in body)
    return "".join(_shown(page, fonts) for page in pages if b" Tf" in page)


def _stream(body: bytes) -> bytes:
    raw = body[body.index(b"stream\n") + 7 : body.rindex(b"endstream")]
    return zlib.decompress(raw) if b"FlateDecode" in body else raw


def _shown(page: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    words, font = [], {}
    for name, row, alone in SHOWN.findall(page):
        if name:
            font = fonts[name]
        codes = b"".join(re.findall(HEX, row)) if row else alone
        words += [font.get(int(codes[at : at + 4], 16), "?") for at in range(0, len(codes), 4)]
    return "".join(words)


def _read_map(map_stream: bytes) -> dict[int, str]:
    """What each code of a font stands for."""
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", map_stream, re.DOTALL):
        ranges = re.findall(HEX + rb"\s*" + HEX + rb"\s*(?:\[(.*?)\]|" + HEX + rb")", block)
        for first, last, each, start in ranges:
            codes = range(int(first, 16), int(last, 16) + 1)
            values = [int(value, 16) for value in re.findall(HEX, each)]
            values = values or [int(start, 16) + step for step in range(len(codes))]
            found.update((code, chr(value)) for code, value in zip(codes, values, strict=True))
    return found
