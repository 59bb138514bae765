"""html, js and urlquery of templates. See text/template/funcs.go and net/url."""

from __future__ import annotations

from simulator.cli.gotemplate.values import bytes_of

_HTML = {"\0": "\ufffd", '"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}
_JS = {
    "\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D",
}  # fmt: skip
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")


def html_escaped(text: str) -> str:
    return "".join(_HTML.get(char, char) for char in text)


def js_escaped(text: str) -> str:
    return "".join(_js(char) for char in text)


def _js(char: str) -> str:
    if char in _JS:
        return _JS[char]
    if ord(char) < 0x20:
        return f"\\u{ord(char):04X}"
    return char if char.isprintable() else f"\\u{ord(char):04X}"


def query_escaped(text: str) -> str:
    """url.QueryEscape: a space is a plus."""
    return "".join("+" if byte == 0x20 else chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in bytes_of(text))
