"""The checking engine: bytes, a standard and code lists in; a report out.

It does no I/O and never raises for bad data.
"""
