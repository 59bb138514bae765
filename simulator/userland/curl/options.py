"""curl's command line. An option takes its argument from the same word or the next; URLs stand anywhere."""

from __future__ import annotations

from msgspec import Struct, field

from simulator.userland.curl.words import SEE_HELP

FLAGS = {
    "compressed": "", "create-dirs": "", "fail": "f", "fail-with-body": "", "get": "G", "globoff": "g", "head": "I",
    "http1.0": "0", "http1.1": "", "include": "i", "insecure": "k", "ipv4": "4", "ipv6": "6", "location": "L",
    "manual": "M", "no-buffer": "N", "no-progress-meter": "", "path-as-is": "", "progress-bar": "#",
    "remote-name": "O", "retry-connrefused": "", "show-error": "S", "silent": "s", "verbose": "v", "version": "V",
}  # fmt: skip
VALUES = {
    "connect-timeout": "", "connect-to": "", "cookie": "b", "data": "d", "data-ascii": "", "data-binary": "", "data-raw": "",
    "data-urlencode": "", "dump-header": "D", "header": "H", "interface": "", "json": "", "local-port": "", "max-redirs": "",
    "max-time": "m", "noproxy": "", "output": "o", "output-dir": "", "proxy": "x", "range": "r", "referer": "e", "request": "X",
    "resolve": "", "retry": "", "retry-delay": "", "stderr": "", "upload-file": "T", "url": "", "user": "u",
    "user-agent": "A", "write-out": "w",
}  # fmt: skip
# What curl has and this one has not.
UNSIMULATED = {
    "cacert": "", "capath": "", "cert": "E", "config": "K", "cookie-jar": "c", "form": "F",
    "form-string": "", "ftp-pasv": "", "http2": "", "http3": "", "key": "", "limit-rate": "", "netrc": "n",
    "parallel": "Z", "proxy-user": "U", "quote": "Q", "socks5": "", "speed-limit": "Y", "speed-time": "y",
    "time-cond": "z", "tlsv1": "1", "tlsv1.2": "", "trace": "", "trace-ascii": "", "unix-socket": "",
    "remote-time": "R", "digest": "", "ntlm": "", "negotiate": "", "anyauth": "", "append": "a", "continue-at": "C",
    "disable": "q", "junk-session-cookies": "j", "list-only": "l", "max-filesize": "", "proxytunnel": "p",
    "telnet-option": "t", "use-ascii": "B", "remote-header-name": "J", "cert-type": "", "ciphers": "",
    "doh-url": "",
}  # fmt: skip
UNSIMULATED_VALUES = "EKcFUQYyztC"
GLOBAL = ("no-progress-meter", "show-error", "silent", "verbose")  # what --next does not forget
NUMBERS = ("max-time", "connect-timeout", "max-redirs", "retry", "retry-delay")


class BadUsage(Exception):
    """A command line that curl does not take; the text says why, exit status 2."""


class Given(Struct):
    """The options: how often a flag was given, the arguments of the others, and the URLs in order."""

    flags: dict[str, int] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)
    urls: list[str] = field(default_factory=list)
    targets: list[str | None] = field(default_factory=list)  # of -o and -O (None), for the URLs in order

    def has(self, name: str) -> bool:
        return bool(self.flags.get(name)) or name in self.values

    def get(self, name: str, default: str = "") -> str:
        return self.values[name][-1] if name in self.values else default

    def all(self, name: str) -> list[str]:
        return self.values.get(name, [])

    def seconds(self, name: str) -> float:
        return float(self.get(name, "0"))


def parse(argv: list[str]) -> list[Given]:
    """Reads the command line: one set of options for each part between --next. Raises BadUsage."""
    parts, words = [Given()], list(argv[1:])
    while "--next" in words:
        at = words.index("--next")
        _read(parts[-1], words[:at])
        words = words[at + 1 :]
        parts.append(Given(flags={name: count for name, count in parts[-1].flags.items() if name in GLOBAL}))
    _read(parts[-1], words)
    return parts


def _read(given: Given, words: list[str]) -> None:
    while words:
        word = words.pop(0)
        if word.startswith("--") and len(word) > 2:
            _long(given, word, words)
        elif word.startswith("-") and len(word) > 1 and word != "--":
            _short(given, word[1:], words)
        elif word != "--":
            given.urls.append(word)
    given.urls += given.all("url")


def _short(given: Given, cluster: str, words: list[str]) -> None:
    by_letter = {letter: name for table in (FLAGS, VALUES, UNSIMULATED) for name, letter in table.items() if letter}
    by_letter["h"] = "help"
    while cluster:
        letter, cluster = cluster[0], cluster[1:]
        name = by_letter.get(letter)
        if name is None:
            raise BadUsage(f"option -{letter}: is unknown")
        if _takes_value(name, letter):
            if not cluster and not words:
                raise BadUsage(f"option -{letter}: requires parameter")
            _set(given, name, cluster or words.pop(0), f"-{letter}")
            return
        _set_flag(given, name, f"-{letter}")


def _long(given: Given, word: str, words: list[str]) -> None:
    name, wanted = word[2:], 1
    known = [*FLAGS, *VALUES, *UNSIMULATED, "help"]
    if name.startswith("no-") and name not in known:
        name, wanted = name[3:], 0
    found = [name] if name in known else [full for full in known if full.startswith(name)]
    if not found:
        raise BadUsage(f"option {word}: is unknown")
    if len(found) > 1:
        raise BadUsage(f"option {word}: is ambiguous")
    if _takes_value(found[0], UNSIMULATED.get(found[0], "")):
        if not words:
            raise BadUsage(f"option {word}: requires parameter")
        _set(given, found[0], words.pop(0), word)
    elif wanted:
        _set_flag(given, found[0], word)
    else:
        given.flags[found[0]] = 0


def _takes_value(name: str, letter: str) -> bool:
    return name in VALUES or (name in UNSIMULATED and bool(letter) and letter in UNSIMULATED_VALUES)


def _set_flag(given: Given, name: str, shown: str) -> None:
    if name in UNSIMULATED:
        raise Unsimulated(shown)
    given.flags[name] = given.flags.get(name, 0) + 1
    if name == "remote-name":
        given.targets.append(None)


def _set(given: Given, name: str, value: str, shown: str) -> None:
    if name in UNSIMULATED:
        raise Unsimulated(shown)
    if name in NUMBERS and not value.removeprefix("-").replace(".", "", 1).isdigit():
        raise BadUsage(f"option {shown}: expected a proper numerical parameter")
    given.values.setdefault(name, []).append(value)
    if name == "output":
        given.targets.append(value)


class Unsimulated(Exception):
    """An option that curl has and docklab has not."""


def complaint(failure: BadUsage) -> str:
    return f"curl: {failure}\n{SEE_HELP}"
