"""How each cell of a composition file is read: what people write, what it is taken for. Pure."""

import re
from collections.abc import Callable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from common.enums import Civility
from common.spreadsheets import Value
from common.typography import NBSP, number_in_words
from common.written import plain_key, written_date
from meetings.enums import BodyCategory
from meetings.rules.composition import EARLIEST, LATEST


class UnreadableValueError(Exception):
    """A cell says something that its column cannot hold; the message is French."""


def as_text(value: Value) -> str:
    """Return a cell as one line of text, with the apostrophe of French typography."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    return " ".join(str(value).replace("'", "’").split())


def short_text(limit: int) -> Callable[[Value], str]:
    def convert(value: Value) -> str:
        text = as_text(value)
        if len(text) > limit:
            raise UnreadableValueError(
                f"ce texte compte {number_in_words(len(text))} caractères ; la limite est de {limit}."
            )
        return text

    return convert


def whole_number(least: int, most: int) -> Callable[[Value], int | str]:
    def convert(value: Value) -> int | str:
        text = as_text(value)
        if not text:
            return ""
        if not re.fullmatch(r"\d{1,9}", text) or not least <= int(text) <= most:
            raise UnreadableValueError(
                f"{quoted(text)} n’est pas un nombre de {least} à {number_in_words(most)}."
            )
        return int(text)

    return convert


def email(value: Value) -> str:
    text = short_text(254)(value).replace("’", "'")
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise UnreadableValueError(
                f"{quoted(text)} n’est pas une adresse. Écrivez-la comme prenom.nom@exemple.fr."
            ) from error
    return text


def phone(value: Value) -> str:
    text = short_text(30)(value)
    # A spreadsheet takes 0254812345 for a number and drops its zero.
    if isinstance(value, int | float) and re.fullmatch(r"[1-9]\d{8}", text):
        text = f"0{text}"
    return text


_CIVILITIES = {
    **dict.fromkeys(("m", "mr", "monsieur"), Civility.MR),
    **dict.fromkeys(("mme", "madame"), Civility.MRS),
}


def civility(value: Value) -> str:
    text = as_text(value)
    if not text:
        return ""
    found = _CIVILITIES.get(plain_key(text))
    if found is None:
        raise UnreadableValueError(f"{quoted(text)} n’est pas une civilité. Écrivez M. ou Mme.")
    return found.value


_CATEGORIES = {
    **{plain_key(item.label): item for item in BodyCategory},
    **dict.fromkeys(
        ("etat", "service de l etat", "services de l etat", "prefecture", "administration"),
        BodyCategory.STATE,
    ),
    **dict.fromkeys(("parlementaire", "parlement", "depute", "deputes", "senateur"), BodyCategory.PARLIAMENT),
    **dict.fromkeys(
        ("elu", "elus", "collectivite", "collectivites", "assemblee d elus", "association d elus"),
        BodyCategory.ELECTED,
    ),
    **dict.fromkeys(
        ("chambre", "chambre consulaire", "organisation professionnelle", "profession"),
        BodyCategory.CHAMBER,
    ),
    **dict.fromkeys(("associations",), BodyCategory.ASSOCIATION),
    **dict.fromkeys(("autorite", "autorites independantes"), BodyCategory.AUTHORITY),
    **dict.fromkeys(("autre", "autres", "divers"), BodyCategory.OTHER),
}  # fmt: skip


def category(value: Value) -> str:
    text = as_text(value)
    if not text:
        return ""
    found = _CATEGORIES.get(plain_key(text))
    if found is None:
        choices = ", ".join(item.label for item in BodyCategory)
        raise UnreadableValueError(
            f"{quoted(text)} n’est pas une catégorie connue. Écrivez l’une de celles-ci : {choices}."
        )
    return found.value


def iso_date(value: Value) -> str:
    """Return an ISO date, or blank; « 04/21 » and « avrl-21 » say no day: they are faults."""
    if isinstance(value, datetime):
        day: date | None = value.date()
    elif isinstance(value, date):
        day = value
    else:
        text = as_text(value)
        if not text:
            return ""
        day = written_date(text)
    if day is None:
        raise UnreadableValueError(
            f"{quoted(as_text(value))} n’est pas une date. Écrivez 01/04/2021."
        )
    if not EARLIEST <= day <= LATEST:
        raise UnreadableValueError(
            f"{quoted(as_text(value))} : l’année doit aller de {EARLIEST.year} à {LATEST.year}."
        )
    return day.isoformat()


def quoted(text: str) -> str:
    return f"«{NBSP}{text if len(text) <= 60 else text[:59] + '…'}{NBSP}»"
