"""Rows of totals among the data: found by their word or code, set aside, and held against their data."""
