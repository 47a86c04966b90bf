"""How long a label is worth. Pure: plain values in, plain values out."""

from datetime import date


# No text was found that fixes it: deduced from préfectures labelled every three years. Shown as
# « à confirmer » as long as no document bears it out.
VALIDITY_YEARS = 3


def default_end(labelled_on: date) -> date:
    """Return the last day of a label of the usual length.

    >>> default_end(date(2024, 2, 29))
    datetime.date(2027, 2, 28)
    """
    year = labelled_on.year + VALIDITY_YEARS
    try:
        return labelled_on.replace(year=year)
    except ValueError:
        return labelled_on.replace(year=year, day=28)


def is_end_to_confirm(
    labelled_on: date | None, ends_on: date | None, *, has_document: bool
) -> bool:
    """Tell whether the end of a label is only the usual length, borne out by no document."""
    if labelled_on is None or ends_on is None or has_document:
        return False
    return ends_on == default_end(labelled_on)
