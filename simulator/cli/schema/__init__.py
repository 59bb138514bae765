"""The Go types of the API's documents, which `docker inspect --format` sees before it falls back to plain JSON.

A schema is text in Go's manner: the name of a struct, its fields indented below it. A field has a type and, where they
differ from the plain case, `json=Name`, `omitempty`, `embedded`; `nat.Port=string` is a named type with its kind.
"""
