"""Days typed about a meeting: what none may bear, and how to say it."""

from datetime import date

from django import forms


# Years that a date may bear; « 0022 » and « 20222 » are slips of the keyboard.
FIRST_YEAR, LAST_YEAR = 2000, 2100

BAD_DATE = "Cette date n’existe pas. Indiquez le jour, le mois et l’année, par exemple 05/07/2022."


def plausible_day(day: date | None) -> date | None:
    """Return the day when a meeting or its follow-up may bear it; ``ValidationError`` otherwise."""
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(
            f"L’année {day.year} n’est pas plausible. Indiquez une année sur quatre chiffres, de "
            f"{FIRST_YEAR} à {LAST_YEAR}."
        )
    return day
