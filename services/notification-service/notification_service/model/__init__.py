"""Alerts, what they say and how they are delivered. No I/O, no framework."""
