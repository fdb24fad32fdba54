"""Bytes → a string with \\n newlines, or an UnreadableError that says what, where and how to mend."""

import codecs
import re

from cards.exchange import Problem

from .result import UnreadableError

# What an upload often is when it is not text: its first bytes, its name, how to make text of it.
SIGNATURES = (
    (b"%PDF-", "a PDF", "Copy its text into a plain text file and bring that."),
    (b"PK\x03\x04", "a zip archive (as Word and e-book files are)", "Save its text as plain text, UTF-8."),
    (b"\xd0\xcf\x11\xe0", "an old Office file", "Open it and save it as plain text, UTF-8."),
    (b"{\\rtf", "an RTF file", "Open it and save it as plain text, UTF-8."),
    (b"\x89PNG", "a picture", "Bring a file that holds text."),
    (b"\xff\xd8\xff", "a picture", "Bring a file that holds text."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
)
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Everything Unicode calls a line end, page breaks included, is one newline.
LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def decode(raw: bytes, name: str) -> str:
    """The text of a UTF-8 file, or UTF-16 with a byte order mark; the mark dropped, newlines made \\n."""
    _refuse_signatures(raw, name)
    mark, encoding = next((pair for pair in BYTE_ORDER_MARKS if raw.startswith(pair[0])), (b"", "utf-8"))
    text = _decoded(raw, mark, encoding, name)
    if (control := CONTROL.search(text)) is not None:
        byte = len(mark) + len(text[: control.start()].encode(encoding))
        raise _control_error(control.group(), text[: control.start()], byte, name)
    text = LINE_END.sub("\n", text)
    if not any(map(str.isalnum, text)):
        mend = "Check that it is the right file and that it was saved."
        raise UnreadableError(Problem(name, 0, "There are no words in it.", mend))
    return text


def _refuse_signatures(raw: bytes, name: str) -> None:
    for signature, what, mend in SIGNATURES:
        if raw.startswith(signature):
            what = f"This is {what}, not plain text: so say its first bytes, from byte 0."
            raise UnreadableError(Problem(name, 0, what, mend))


def _decoded(raw: bytes, mark: bytes, encoding: str, name: str) -> str:
    body = raw[len(mark) :]
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        line = _line(body[: error.start].decode(encoding, "replace"))
        what = (
            f"Byte {len(mark) + error.start} (0x{body[error.start]:02X}) is not {encoding[:6].upper()} text."
        )
        mend = "Open the file in a text editor and save it with the encoding UTF-8."
        raise UnreadableError(Problem(name, line, what, mend)) from None


def _control_error(char: str, before: str, byte: int, name: str) -> UnreadableError:
    what = f"Byte {byte} is a control character (U+{ord(char):04X}), which no text holds."
    mend = "Remove it in a text editor, or save the file as plain text, UTF-8."
    if char == "\0":
        mend = "The file may be UTF-16 or no text at all: save it as plain text, UTF-8."
    return UnreadableError(Problem(name, _line(before), what, mend))


def _line(before: str) -> int:
    """The line, from 1, that follows this much text."""
    return LINE_END.sub("\n", before).count("\n") + 1
