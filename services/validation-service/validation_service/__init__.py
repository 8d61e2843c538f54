"""validation decides whether the data keeps the principles of Satu Data, cell by cell.

It hears what ingest received and what the catalog lists, and says one verdict for every submission.
"""
