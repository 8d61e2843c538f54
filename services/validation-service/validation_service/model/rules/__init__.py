"""The rules, one module per family; catalogue.py is the table of all of them."""
