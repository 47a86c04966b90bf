"""What a service refuses goes beside its field when the form shows it, on top otherwise."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from common.form_tools import attempt, keep_to_one_line, one_line


class NameForm(forms.Form):
    name = forms.CharField()


@pytest.fixture
def form() -> NameForm:
    form = NameForm({"name": "Accueil"})
    assert form.is_valid()
    return form


def refuse(error: ValidationError) -> object:
    def write() -> object:
        raise error

    return write


def test_returns_what_was_written(form: NameForm) -> None:
    assert attempt(form, lambda: 41) == 41
    assert form.errors == {}


def test_error_goes_beside_its_field(form: NameForm) -> None:
    assert attempt(form, refuse(ValidationError({"name": "Déjà pris."}))) is None
    assert form.errors == {"name": ["Déjà pris."]}


def test_error_of_a_field_that_is_not_shown_goes_on_top(form: NameForm) -> None:
    attempt(form, refuse(ValidationError({"prefecture": "Manque."})))
    attempt(form, refuse(ValidationError("Impossible.")))
    assert form.errors == {"__all__": ["Manque.", "Impossible."]}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Séance\r\ndu  12 mai ", "Séance du 12 mai"),
        ("Sé\u00adan\u200bce", "Séance"),
        ("\u202eeésrever", "eésrever"),
        ("\u200b\u200b\ufeff", ""),
        ("C\u2019est l\u2019été : 52 %", "C\u2019est l\u2019été : 52 %"),
    ],
)
def test_one_line_keeps_what_is_seen(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


def test_a_title_that_shows_nothing_is_missing() -> None:
    form = NameForm({"name": "\u200b\u200b"})
    keep_to_one_line(form.fields)

    assert not form.is_valid()
    assert list(form.errors) == ["name"]


def test_long_texts_keep_their_lines() -> None:
    class TextForm(forms.Form):
        text = forms.CharField(widget=forms.Textarea)

    form = TextForm({"text": "Un\nDeux"})
    keep_to_one_line(form.fields)

    assert form.is_valid()
    assert form.cleaned_data["text"] == "Un\nDeux"
