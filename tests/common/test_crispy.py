"""The form pack: any plain Django form gets DSFR markup, hints, marks and errors."""

from datetime import date, time
from html.parser import HTMLParser
from typing import Any

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import engines

from common.catalogue import CatalogueForm
from common.forms import DsfrFormHelper, Section


class Plain(forms.Form):
    """No base class, no widget class: what any app may write."""

    place = forms.CharField(label="Lieu", max_length=10, help_text="Salle et adresse.")
    note = forms.CharField(label="Observation", required=False, widget=forms.Textarea)
    held_on = forms.DateField(label="Date")
    starts_at = forms.TimeField(label="Début", required=False)
    kind = forms.ChoiceField(label="Nature", choices=[("a", "CLU"), ("b", "COPIL")])
    role = forms.ChoiceField(
        label="Rôle", choices=[("a", "Membre"), ("b", "Invité")], widget=forms.RadioSelect
    )
    duties = forms.MultipleChoiceField(
        label="Charges",
        choices=[("a", "Présider"), ("b", "Écrire")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    file = forms.FileField(label="Fichier", required=False)
    secret = forms.CharField(
        label="Mot de passe", help_text="<ul><li>12 signes</li></ul>", widget=forms.PasswordInput
    )
    agreed = forms.BooleanField(label="Relu", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


class Page(HTMLParser):
    """Elements of a piece of HTML, with their attributes and the text under them."""

    VOID = frozenset({"input", "br", "meta", "link"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[dict[str, Any]] = []
        self._open: list[dict[str, Any]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = {"tag": tag, "text": "", **{name: value or "" for name, value in attrs}}
        self.elements.append(element)
        if tag not in self.VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()["tag"] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element["text"] += data

    def all(self, tag: str, **attrs: str) -> list[dict[str, Any]]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [
            element
            for element in self.elements
            if element["tag"] == tag
            and all(element.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **attrs: str) -> dict[str, Any]:
        (element,) = self.all(tag, **attrs)
        return {**element, "text": " ".join(element["text"].split())}

    @property
    def ids(self) -> set[str]:
        return {element["id"] for element in self.elements if "id" in element}


def rendered(form: forms.Form, helper: FormHelper | None = None) -> Page:
    return Page(render_crispy_form(form, helper or FormHelper()))


def filtered(form: forms.BaseForm) -> Page:
    template = engines["django"].from_string("{% load crispy_forms_tags %}{{ form|crispy }}")
    return Page(template.render({"form": form}))


def test_signs_of_a_hint_hold_to_their_word() -> None:
    form = Plain()
    form.fields["place"].help_text = "Salle : « Médicis »"
    html = engines["django"].from_string("{% load crispy_forms_tags %}{{ form|crispy }}")
    assert "Salle\u00a0: «\u00a0Médicis\u00a0»" in html.render({"form": form})


@pytest.mark.parametrize("draw", [rendered, filtered])
def test_labels_say_hint_and_what_is_optional(draw: Any) -> None:
    page = draw(Plain())
    assert page.one("label", for_="id_place")["text"] == "Lieu Salle et adresse."
    assert page.one("label", for_="id_note")["text"] == "Observation (facultatif)"
    assert page.one("legend", id="id_duties_legend")["text"] == "Charges (facultatif)"
    assert page.one("legend", id="id_role_legend")["text"] == "Rôle"
    # Not ticking a box is an answer: never marked.
    assert page.one("label", for_="id_agreed")["text"] == "Relu"
    hint = page.one("span", id="id_place_helptext")
    assert (hint["class"], hint["text"]) == ("fr-hint-text", "Salle et adresse.")
    assert page.one("input", name="place")["aria-describedby"] == "id_place_helptext"


@pytest.mark.parametrize("draw", [rendered, filtered])
def test_each_widget_has_its_class(draw: Any) -> None:
    page = draw(Plain())
    assert page.one("input", name="place")["class"] == "fr-input"
    assert page.one("textarea", name="note")["class"] == "fr-input"
    assert page.one("select", name="kind")["class"] == "fr-select"
    assert page.one("input", name="file")["class"] == "fr-upload"
    assert page.one("input", name="secret")["class"] == "fr-password__input fr-input"
    assert [item["id"] for item in page.all("input", name="role")] == ["id_role_0", "id_role_1"]
    assert len(page.all("div", class_="fr-radio-group")) == 2
    assert len(page.all("div", class_="fr-checkbox-group")) == 2
    assert page.one("input", name="token")["type"] == "hidden"
    assert page.all("label", for_="id_token") == []


def test_no_maxlength_because_a_long_paste_must_not_be_cut_in_silence() -> None:
    assert "maxlength" not in rendered(Plain()).one("input", name="place")
    too_long = Plain({"place": "x" * 11})
    assert rendered(too_long).one("input", name="place")["value"] == "x" * 11


def test_rules_of_a_password_stay_outside_its_label() -> None:
    page = rendered(Plain())
    assert page.one("label", for_="id_secret")["text"] == "Mot de passe"
    assert page.one("div", id="id_secret_helptext")["text"] == "12 signes"
    assert page.one("input", id="id_secret_show")["aria-label"].startswith("Afficher le mot de")


def test_native_pickers_speak_iso() -> None:
    form = Plain(initial={"held_on": date(2022, 7, 13), "starts_at": time(14, 30)})
    page = rendered(form)
    day, start = page.one("input", name="held_on"), page.one("input", name="starts_at")
    assert (day["type"], day["value"]) == ("date", "2022-07-13")
    assert (start["type"], start["value"]) == ("time", "14:30")


def test_iso_and_french_dates_are_both_understood() -> None:
    for typed in ("2022-07-13", "13/07/2022"):
        form = Plain({"held_on": typed})
        form.is_valid()
        assert form.cleaned_data["held_on"] == date(2022, 7, 13)


def test_a_date_that_is_not_iso_is_shown_back_as_typed() -> None:
    day = rendered(Plain({"held_on": "31/02/2022"})).one("input", name="held_on")
    assert (day["type"], day["value"]) == ("text", "31/02/2022")
    kept = rendered(Plain({"held_on": "2022-07-13"})).one("input", name="held_on")
    assert (kept["type"], kept["value"]) == ("date", "2022-07-13")


@pytest.mark.parametrize("draw", [rendered, filtered])
def test_errors_stand_under_their_field_and_are_announced(draw: Any) -> None:
    page = draw(Plain({"place": "", "note": "gardé"}))
    field = page.one("input", name="place")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "id_place_helptext id_place_error"
    assert page.one("div", id="id_place_error")["text"] == "Ce champ est obligatoire."
    assert page.one("textarea", name="note")["text"] == "gardé"
    assert "aria-invalid" not in page.one("textarea", name="note")
    group = page.one("fieldset", aria_labelledby="id_role_legend id_role_error")
    assert (group["role"], group["aria-invalid"]) == ("radiogroup", "true")
    assert all("aria-invalid" not in radio for radio in page.all("input", name="role"))
    pointed = " ".join(
        element[name]
        for element in page.elements
        for name in ("aria-describedby", "aria-labelledby")
        if name in element
    )
    assert set(pointed.split()) <= page.ids


@pytest.mark.parametrize("draw", [rendered, filtered])
def test_summary_links_to_each_field(draw: Any) -> None:
    form = Plain({"note": "x", "held_on": "2022-07-13", "kind": "a", "secret": "x"})
    form.add_error(None, "La séance est déjà close.")
    page = draw(form)
    summary = page.one("div", role="alert")
    assert summary["tabindex"] == "-1"
    assert summary["text"].startswith("3 erreurs à corriger La séance est déjà close.")
    links = {element["href"]: element["text"].split() for element in page.all("a")}
    assert sorted(links) == ["#id_place", "#id_role_0"]
    assert {link.removeprefix("#") for link in links} <= page.ids


def test_one_error_is_counted_in_words() -> None:
    class Small(forms.Form):
        place = forms.CharField(label="Lieu")

    assert rendered(Small({})).one("h2")["text"] == "Une erreur à corriger"
    assert rendered(Small({"place": "Blois"})).all("div", role="alert") == []


def test_summary_follows_the_layout_and_tells_hidden_errors() -> None:
    form = CatalogueForm({"starts_at": "15:00", "ends_at": "14:00"})
    form.is_valid()
    form.add_error("token", "La page est périmée : rechargez-la.")
    page = Page(render_crispy_form(form, form.helper))
    links = [element["href"] for element in page.all("a") if element["href"].startswith("#id")]
    assert links[:4] == ["#id_name", "#id_held_on", "#id_seats", "#id_body"]
    assert "La page est périmée" in page.one("div", role="alert")["text"]
    assert "La fin de la séance précède son début." in page.one("div", role="alert")["text"]


def test_helper_draws_one_button_and_a_way_out() -> None:
    form = Plain()
    html = render_crispy_form(form, DsfrFormHelper("Enregistrer le lieu", cancel_url="/comites/"))
    page = Page(html)
    frame = page.one("form")
    assert frame["method"] == "post"
    assert "novalidate" in frame
    assert frame["enctype"] == "multipart/form-data"
    button = page.one("button", type="submit")
    assert button["text"] == "Enregistrer le lieu"
    assert "fr-btn" in button["class"].split()
    assert page.one("a", href="/comites/")["text"] == "Annuler"


def test_a_search_marks_nothing_as_optional() -> None:
    helper = FormHelper()
    helper.form_method = "get"
    assert "facultatif" not in render_crispy_form(Plain(), helper)

    class Filters(forms.Form):
        show_optional = False
        text = forms.CharField(label="Rechercher", required=False)

    assert filtered(Filters()).one("label")["text"] == "Rechercher"


def test_section_has_a_heading_and_a_line_of_help() -> None:
    helper = FormHelper()
    helper.layout = Layout(
        Section("Le lieu", "place", Row("held_on", "starts_at"), help_text="Où et quand.")
    )
    page = rendered(Plain(), helper)
    assert page.one("h2")["text"] == "Le lieu"
    assert page.one("legend")["text"] == "Le lieu Où et quand."
    assert len(page.all("div", class_="qp-row")) == 1


def test_formset_draws_its_forms_and_one_summary() -> None:
    class Line(forms.Form):
        name = forms.CharField(label="Nom")

    formset = forms.formset_factory(Line, extra=0)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-name": "A", "form-1-name": ""}
    )
    for page in (filtered(formset), Page(render_crispy_form(formset))):
        assert page.one("input", name="form-0-name")["value"] == "A"
        assert [element["href"] for element in page.all("a")] == ["#id_form-1-name"]
        assert page.one("input", name="form-TOTAL_FORMS")["value"] == "2"
    helper = FormHelper()
    helper.template = "crispy_dsfr/table_inline_formset.html"
    table = Page(render_crispy_form(formset, helper))
    assert [cell["data-label"] for cell in table.all("td")] == ["Nom", "Nom"]
