"""Builtins about the shell's options: set, shopt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.userland.shell import quoting
from simulator.userland.shell.errors import ShellError
from simulator.userland.shell.unparse import function_text

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

LETTERS = {
    "a": "allexport",
    "b": "notify",
    "C": "noclobber",
    "e": "errexit",
    "f": "noglob",
    "h": "hashall",
    "k": "keyword",
    "m": "monitor",
    "n": "noexec",
    "u": "nounset",
    "v": "verbose",
    "x": "xtrace",
}
NAMES = {
    "ash": "errexit noglob ignoreeof monitor noexec xtrace verbose noclobber allexport notify nounset errtrace vi pipefail",
    "dash": "errexit noglob ignoreeof interactive monitor noexec stdin xtrace verbose vi emacs noclobber allexport notify "
    "nounset nolog debug",
    "bash": "allexport braceexpand emacs errexit errtrace functrace hashall histexpand history ignoreeof "
    "interactive-comments keyword monitor noclobber noexec noglob nolog notify nounset onecmd physical pipefail posix "
    "privileged verbose vi xtrace",
}
SHOPT = frozenset(
    "autocd cdspell checkwinsize cmdhist dotglob expand_aliases extglob extquote failglob globstar histappend "
    "inherit_errexit interactive_comments lastpipe login_shell nocaseglob nocasematch nullglob promptvars sourcepath".split()
)
USAGE = "set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]"


def set_(shell: Shell, argv: list[str]) -> int:
    if len(argv) == 1:
        _show_variables(shell)
        return 0
    words = list(argv[1:])
    while words:
        word = words.pop(0)
        if word == "--":
            shell.positional = words
            return 0
        if len(word) < 2 or word[0] not in "-+":
            if word == "-":
                shell.options -= {"xtrace", "verbose"}
                words = words or shell.positional
            else:
                words = [word, *words]
            shell.positional = words
            return 0
        if not _letters(shell, word, words):
            return 2
    return 0


def apply_letters(shell: Shell, word: str) -> bool:
    """Sets (-) or clears (+) the options of letters such as -eux; False at one that does not exist."""
    for letter in word[1:]:
        if letter not in LETTERS and letter not in "BEHPTpti":
            return False
        change(shell, LETTERS.get(letter, letter), on=word[0] == "-")
    return True


def change(shell: Shell, option: str, *, on: bool) -> None:
    (shell.options.add if on else shell.options.discard)(option)


def is_option(shell: Shell, name: str) -> bool:
    return name in NAMES[shell.dialect.name].split()


def shopt(shell: Shell, argv: list[str]) -> int:
    flags = "".join(word[1:] for word in argv[1:] if word.startswith("-"))
    names = [word for word in argv[1:] if not word.startswith("-")]
    known = set(NAMES["bash"].split()) if "o" in flags else SHOPT
    status = 0
    for name in names or sorted(known):
        if name not in known:
            status = shell.refuse(f"{name}: invalid shell option name")
        elif "s" in flags or "u" in flags:
            change(shell, name, on="s" in flags)
        elif "q" in flags:
            status = status or int(name not in shell.options)
        else:
            on = name in shell.options
            shell.process.print(f"{name:<15}\t{'on' if on else 'off'}")
            status = status or int(bool(names) and not on)
    return status


def _letters(shell: Shell, word: str, words: list[str]) -> bool:
    if word[1:] == "o" or (word.endswith("o") and len(word) > 2):
        if len(word) > 2 and not apply_letters(shell, word[:-1]):
            return _refuse(shell, word)
        if not words:
            _show_options(shell, word[0])
            return True
        name = words.pop(0)
        if not is_option(shell, name):
            if shell.dialect.name == "bash":
                shell.refuse(f"{name}: invalid option name")
                return False
            status = 2 if shell.dialect.name == "dash" else 1
            raise ShellError(shell.texts.bad_option.format(f"{word[0]}o {name}"), status)
        change(shell, name, on=word[0] == "-")
        return True
    return apply_letters(shell, word) or _refuse(shell, word)


def _refuse(shell: Shell, word: str) -> bool:
    bad = next((letter for letter in word[1:] if letter not in LETTERS), word[1:2])
    told = shell.texts.bad_option.format(f"{word[0]}{bad}")
    if shell.dialect.name != "bash":
        raise ShellError(told)
    shell.refuse(told)
    shell.process.error(USAGE)
    return False


def _show_options(shell: Shell, sign: str) -> None:
    always = {"braceexpand", "hashall", "interactive-comments"} if shell.dialect.name == "bash" else set()
    if shell.interactive:
        always |= {"emacs", "history", "monitor", "histexpand"} if shell.dialect.name == "bash" else {"monitor"}
    for name in NAMES[shell.dialect.name].split():
        on = name in shell.options or name in always
        if sign == "+":
            shell.process.print(f"set {'-' if on else '+'}o {name}")
        else:
            gap = f"{name:<15}\t" if shell.dialect.name == "bash" else f"{name:<16}"
            shell.process.print(gap + ("on" if on else "off"))


def _show_variables(shell: Shell) -> None:
    empty = {"FUNCNAME", "LINENO"} if shell.dialect.name == "ash" else set()
    for name in sorted({*shell.variables.names(), *empty}):
        variable = shell.variables.find(name)
        if name in empty and variable.value is None:
            shell.process.print(f"{name}=''")
        elif variable.array is not None:
            items = " ".join(f"[{key}]={quoting.double(value)}" for key, value in variable.array.items())
            shell.process.print(f"{name}=({items})")
        elif variable.value is not None:
            bash = shell.dialect.name == "bash"
            shell.process.print(f"{name}={(quoting.as_needed if bash else quoting.single)(variable.value)}")
    if shell.dialect.name == "bash":
        for name in sorted(shell.functions):
            shell.process.print(function_text(shell.functions[name]))
