"""Catalog decides what the region lists, and what is published, returned or put before the walidata.

It reads ``submission.validated`` and keeps copies of ``standard.adopted`` and ``codelist.adopted``. It
announces ``dataset.published``, ``submission.returned``, ``review.requested``, ``opd.registered`` and
``dataset.registered``.
"""
