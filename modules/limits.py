"""Lengths shared by the tables and by the reader of référentiel files, so that both refuse the same."""

SLUG = 60
NAME = 120
PUBLISHER = 200
TITLE = 200
LONG_TEXT = 4000
MAX_NUMBER = 99
MAX_PAGES = 2000
CODE = 30
