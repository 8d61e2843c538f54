"""ingest decides who sends, whether we can take it, and in whose turn it goes on.

Hears the catalog's outcomes and its state; announces submission.received and submission.held.
"""
