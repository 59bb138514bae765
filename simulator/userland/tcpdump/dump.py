"""Bytes beside the line: -x, -X and -A (ascii_print, hex_and_ascii_print)."""

from __future__ import annotations


def hex_dump(data: bytes, *, text: bool) -> str:
    """Sixteen bytes a line: offset, hex, and characters if asked for."""
    lines = []
    for at in range(0, len(data), 16):
        part = data[at : at + 16]
        words = " ".join(part[index : index + 2].hex() for index in range(0, len(part), 2))
        shown = f"{words:39}  {characters(part)}" if text else words
        lines.append(f"\t0x{at:04x}:  {shown}")
    return "\n".join(lines)


def ascii_dump(data: bytes) -> str:
    """The characters alone; ends of lines stay."""
    text = data.decode("latin-1").replace("\r\n", "\n")
    return "".join(char if char in "\n\t" or " " <= char <= "~" else "." for char in text)


def characters(data: bytes) -> str:
    return "".join(chr(byte) if 32 < byte < 127 else "." for byte in data)
