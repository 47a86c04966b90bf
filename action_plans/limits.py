"""Lengths shared by the tables, the forms and the import, so that all refuse the same."""

TITLE = 200
NAME = 160
LONG_TEXT = 4000
REASON = 500
SOURCE = 300
REFERENCE = 120
KIND = 40
# Actions of one import, or of one bulk act: beyond, it is another table than a plan.
MAX_ROWS = 5000
