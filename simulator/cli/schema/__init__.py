"""The Go types of the API's documents, which `docker inspect --format` sees before it falls back to plain JSON.

Schemas in the manner of `simulator.apitypes`, which has the types that requests have as well.
"""
