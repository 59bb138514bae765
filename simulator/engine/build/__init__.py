"""`docker build`: the classic builder. Mirrors moby's builder/dockerfile, and BuildKit's Dockerfile parser that it uses.

`parser` makes lines of a text, `instructions` checks what each of them says, `configure` and `actions` have a row for each
instruction, `builder` goes from one to the next. Left out: git contexts, here-documents and everything else that only
BuildKit has.
"""
