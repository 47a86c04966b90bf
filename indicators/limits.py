"""Lengths shared by the tables, the référentiel files and the forms, so that all refuse the same."""

LABEL = 200
NAME = 160
LONG_TEXT = 4000
PERIOD = 7
SHEET = 120
CELL = 12
PILOTE_IDENTIFIER = 60
# A figure: twelve digits before the comma, six after.
DIGITS, DECIMALS = 18, 6
# Years that a period may be of: beyond, an address was typed at random.
FIRST_YEAR, LAST_YEAR = 1950, 2100
