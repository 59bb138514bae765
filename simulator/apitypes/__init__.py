"""The Go types that client and engine share: moby's api/types, go-connections' nat, go-units.

A schema is text in Go's manner: the name of a struct, its fields indented below it. A field has a type and, where they
differ from the plain case, `json=Name`, `omitempty`, `embedded`; `nat.Port=string` is a named type with its kind. The
client sees documents through it (`docker inspect --format`), the server decodes requests into it.
"""
