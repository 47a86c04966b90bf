"""What a service refuses goes beside its field when the form shows it, on top otherwise."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from common.form_tools import attempt


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
