"""Periods as sentences name them: « en janvier 2021 », « depuis le 1er trimestre 2020 ». Pure."""

from indicators.reading.periods import Kind, Period


def during(period: Period) -> str:
    """Return « en janvier 2021 », « au 1er trimestre 2020 », « en 2021 »."""
    return f"{'en' if period.kind in {Kind.MONTH, Kind.YEAR} else 'au'} {period.label}"


def since(period: Period) -> str:
    """Return what follows « par rapport »: « à janvier 2021 », « au 1er trimestre 2020 »."""
    return f"{'à' if period.kind in {Kind.MONTH, Kind.YEAR} else 'au'} {period.label}"


def named(period: Period) -> str:
    """Return what follows « depuis »: « janvier 2021 », « le 1er trimestre 2020 », « 2021 »."""
    return period.label if period.kind in {Kind.MONTH, Kind.YEAR} else f"le {period.label}"


def span_words(first: Period, last: Period) -> str:
    """Return « de mai 2020 à juin 2022 », « du 1er trimestre 2020 au 2e trimestre 2022 »."""
    if first == last:
        return during(first)
    lead = "de" if first.kind in {Kind.MONTH, Kind.YEAR} else "du"
    apart = "d’" if first.kind == Kind.MONTH and first.label[0] in "ao" else f"{lead} "
    return f"{apart}{first.label} {since(last)}"
