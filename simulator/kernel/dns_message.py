"""DNS messages: bytes to values and back. RFC 1035 4 (format), RFC 3596 (AAAA), RFC 2782 (SRV).

Names are text without the final dot; the root is "". Left out: EDNS, DNSSEC, classes other than IN.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address

from msgspec import Struct

CLASS_IN = 1
MAX_LABEL, MAX_NAME = 63, 255
HEADER = 12  # bytes
POINTER = 0xC0


class Type(IntEnum):
    """The types of records that have a name here; others stay numbers."""

    A = 1
    NS = 2
    CNAME = 5
    SOA = 6
    PTR = 12
    MX = 15
    TXT = 16
    AAAA = 28
    SRV = 33
    ANY = 255


class Rcode(IntEnum):
    """What a server says of a question."""

    NOERROR = 0
    FORMERR = 1
    SERVFAIL = 2
    NXDOMAIN = 3
    NOTIMP = 4
    REFUSED = 5


# What the data of a record is made of (RFC 1035 3.3, RFC 2782): N a name, H and I 16 and 32 bits, 4 and 6 addresses.
DATA = {
    Type.A: "4",
    Type.AAAA: "6",
    Type.NS: "N",
    Type.CNAME: "N",
    Type.PTR: "N",
    Type.MX: "HN",
    Type.SRV: "HHHN",
    Type.SOA: "NNIIIII",
}


class Question(Struct, frozen=True):
    """What is asked."""

    name: str
    type: int


class Record(Struct, frozen=True):
    """One record. `data` is text as a zone file has it: "10.0.2.2", "mail.test", "10 mail.test", the TXT itself."""

    name: str
    type: int
    ttl: int
    data: str


class Message(Struct, frozen=True):
    """A query or an answer."""

    ident: int
    questions: tuple[Question, ...] = ()
    answers: tuple[Record, ...] = ()
    authorities: tuple[Record, ...] = ()
    additionals: tuple[Record, ...] = ()
    response: bool = False
    opcode: int = 0
    authoritative: bool = False
    truncated: bool = False
    recursion_desired: bool = True
    recursion_available: bool = False
    rcode: int = Rcode.NOERROR

    @property
    def flags(self) -> int:
        bits = [
            (15, self.response),
            (10, self.authoritative),
            (9, self.truncated),
            (8, self.recursion_desired),
            (7, self.recursion_available),
        ]
        return sum(int(value) << shift for shift, value in bits) | self.opcode << 11 | self.rcode

    def to_bytes(self, *, compress: bool = True) -> bytes:
        """The message as on the wire. Raises ValueError for names and data that do not fit."""
        writer = _Writer(compress=compress)
        sections = (self.answers, self.authorities, self.additionals)
        counts = [len(self.questions), *(len(section) for section in sections)]
        writer.data += struct.pack(">HHHHHH", self.ident, self.flags, *counts)
        for question in self.questions:
            writer.name(question.name)
            writer.data += struct.pack(">HH", question.type, CLASS_IN)
        for section in sections:
            for record in section:
                writer.record(record)
        return bytes(writer.data)


def from_bytes(data: bytes) -> Message:
    """The message in these bytes. Raises ValueError for what is none."""
    if len(data) < HEADER:
        raise ValueError("a DNS message has 12 bytes at least")
    ident, flags, *counts = struct.unpack(">HHHHHH", data[:HEADER])
    reader = _Reader(data)
    questions = tuple(reader.question() for _ in range(counts[0]))
    answers, authorities, additionals = (tuple(reader.record() for _ in range(count)) for count in counts[1:])
    return Message(
        ident,
        questions,
        answers,
        authorities,
        additionals,
        response=bool(flags & 0x8000),
        opcode=flags >> 11 & 15,
        authoritative=bool(flags & 0x0400),
        truncated=bool(flags & 0x0200),
        recursion_desired=bool(flags & 0x0100),
        recursion_available=bool(flags & 0x0080),
        rcode=flags & 15,
    )


def query(ident: int, name: str, kind: int) -> Message:
    """The question that resolvers ask."""
    return Message(ident, (Question(name.rstrip("."), kind),))


def reverse_name(ip: str) -> str:
    """The name under which an address is asked for: 2.2.0.10.in-addr.arpa."""
    return (IPv6Address(ip) if ":" in ip else IPv4Address(ip)).reverse_pointer


class _Writer:
    def __init__(self, *, compress: bool) -> None:
        self.data = bytearray()
        self._compress = compress
        self._places: dict[tuple[str, ...], int] = {}

    def name(self, name: str) -> None:
        labels = tuple(name.rstrip(".").split(".")) if name.rstrip(".") else ()
        if sum(len(label) + 1 for label in labels) >= MAX_NAME:
            raise ValueError(f"name too long: {name}")
        while labels:
            key = tuple(label.lower() for label in labels)
            if key in self._places:
                self.data += struct.pack(">H", POINTER << 8 | self._places[key])
                return
            if self._compress and len(self.data) < 1 << 14:
                self._places[key] = len(self.data)
            label = labels[0].encode("utf-8")
            if not 0 < len(label) <= MAX_LABEL:
                raise ValueError(f"bad label in {name}")
            self.data += bytes([len(label)]) + label
            labels = labels[1:]
        self.data.append(0)

    def record(self, record: Record) -> None:
        self.name(record.name)
        self.data += struct.pack(">HHI", record.type, CLASS_IN, record.ttl)
        at = len(self.data)
        self.data += b"\0\0"
        self._content(record)
        self.data[at : at + 2] = struct.pack(">H", len(self.data) - at - 2)

    def _content(self, record: Record) -> None:
        if record.type in DATA:
            for kind, word in zip(DATA[Type(record.type)], record.data.split(" "), strict=False):
                self._field(kind, word)
        elif record.type == Type.TXT:
            text = record.data.encode("utf-8")
            for start in range(0, max(len(text), 1), 255):
                part = text[start : start + 255]
                self.data += bytes([len(part)]) + part
        else:
            self.data += bytes.fromhex(record.data)

    def _field(self, kind: str, word: str) -> None:
        if kind == "N":
            self.name(word)
        elif kind in "46":
            self.data += (IPv4Address(word) if kind == "4" else IPv6Address(word)).packed
        else:
            self.data += struct.pack(">" + kind, int(word))


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, HEADER

    def question(self) -> Question:
        name = self.name()
        kind, _class = struct.unpack(">HH", self._take(4))
        return Question(name, _known(kind))

    def record(self) -> Record:
        name = self.name()
        kind, _class, ttl, size = struct.unpack(">HHIH", self._take(10))
        end = self._at + size
        if end > len(self._data):
            raise ValueError("a record is cut off")
        data = self._content(kind, end)
        self._at = end
        return Record(name, _known(kind), ttl, data)

    def name(self) -> str:
        labels: list[str] = []
        at, jumped, size = self._at, False, 0
        while length := self._byte(at):
            if length & POINTER == POINTER:
                target = (length & 0x3F) << 8 | self._byte(at + 1)
                self._at = self._at if jumped else at + 2
                if target >= at:
                    raise ValueError("a name points forwards")
                at, jumped = target, True
                continue
            if length & POINTER or at + 1 + length > len(self._data):
                raise ValueError("a label is cut off")
            labels.append(self._data[at + 1 : at + 1 + length].decode("utf-8", "replace"))
            at += 1 + length
            size += 1 + length
            if size >= MAX_NAME:
                raise ValueError("a name is too long")
        self._at = self._at if jumped else at + 1
        return ".".join(labels)

    def _content(self, kind: int, end: int) -> str:
        if kind in DATA:
            return " ".join(self._field(each) for each in DATA[Type(kind)])
        return self._strings(end) if kind == Type.TXT else self._take(end - self._at).hex()

    def _field(self, kind: str) -> str:
        if kind == "N":
            return self.name()
        if kind in "46":
            return str(IPv4Address(self._take(4)) if kind == "4" else IPv6Address(self._take(16)))
        return str(struct.unpack(">" + kind, self._take(struct.calcsize(">" + kind)))[0])

    def _strings(self, end: int) -> str:
        text = b""
        while self._at < end:
            text += self._take(self._take(1)[0])
        return text.decode("utf-8", "replace")

    def _byte(self, at: int) -> int:
        if at >= len(self._data):
            raise ValueError("the message is cut off")
        return self._data[at]

    def _take(self, size: int) -> bytes:
        taken = self._data[self._at : self._at + size]
        if len(taken) < size:
            raise ValueError("the message is cut off")
        self._at += size
        return taken


def _known(kind: int) -> int:
    return Type(kind) if kind in Type.__members__.values() else kind
