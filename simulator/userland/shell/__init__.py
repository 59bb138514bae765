"""sh: the shell of containers and hosts, as busybox ash, bash or dash (POSIX.1-2017, Shell Command Language).

`lexer` and `words` cut the text, `parser` (with `simple`, `compound`, `condition`) makes the tree of `syntax`, `expand`
(with `parameters`, `chunks`, `pattern`, `brace`, `arithmetic`, `substitution`) makes words of it, `execute` (with
`commands`, `loops`, `redirect`, `subshell`, `jobs`, `traps`) runs it in the shell that `state` describes; `builtins`
has one function per builtin, `reader` and `main` say where commands come from, `dialect` and `messages` what the three
shells differ in. Left out: history expansion (!!), command-line editing beyond the terminal's own.
"""

from simulator.userland.shell.main import bash, dash, sh

__all__ = ["bash", "dash", "sh"]
