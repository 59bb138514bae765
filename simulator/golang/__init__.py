"""What Docker's programs have from Go's standard library: how it writes and reads texts, numbers, durations, patterns.

Client and engine are both written in Go, so both speak like this.
"""
