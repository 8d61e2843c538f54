"""Decides whom to tell, by which channel, once.

Reads ``submission.held``, ``dataset.published``, ``submission.returned`` and ``review.requested``, keeps
copies of ``opd.registered`` and ``dataset.registered``; announces nothing.
"""
