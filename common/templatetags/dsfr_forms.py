"""What the crispy pack « crispy_dsfr » asks in Python: kinds of widgets, their classes, errors."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from common.forms import DateInput, DateTimeInput, TimeInput


register = template.Library()

# Django's own widgets for dates are text fields: the pack draws the browser's pickers instead, so
# that a plain form needs no widget of ours. Only exact types: a chosen widget is respected.
NATIVE_PICKERS: dict[type[forms.Widget], type[forms.Widget]] = {
    forms.DateInput: DateInput,
    forms.TimeInput: TimeInput,
    forms.DateTimeInput: DateTimeInput,
}
# First match wins: subclasses come before their parents.
_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.MultiWidget, "multiple"),
    (forms.SelectDateWidget, "multiple"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
)
_CLASSES = {
    "select": "fr-select",
    "file": "fr-upload",
    "password": "fr-password__input fr-input",
    "checkbox": "",
    "checkboxes": "",
    "radios": "",
}


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of the summary: where the error is (``""``: nowhere in particular) and what it says."""

    anchor: str
    label: str
    message: str


@register.filter
def kind(field: BoundField) -> str:
    """Return which template draws the field: « input » unless its widget is a special one."""
    return next((name for cls, name in _KINDS if isinstance(field.field.widget, cls)), "input")


@register.filter
def is_optional(field: BoundField) -> bool:
    """Tell whether « (facultatif) » is written after the label.

    Never on a box to tick (not ticking it is an answer), nor in a form whose class says
    ``show_optional = False`` (filters: everything is optional there).
    """
    return (
        not field.field.required
        and not field.field.disabled
        and getattr(field.form, "show_optional", True)
        and not isinstance(field.field.widget, forms.CheckboxInput)
    )


@register.filter
def anchor(field: BoundField) -> str:
    """Return the id that a link must target to put the cursor in the field; empty without one."""
    if not field.auto_id:
        return ""
    if isinstance(field.field.widget, forms.RadioSelect | forms.MultiWidget):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.simple_tag
def dsfr_widget(field: BoundField) -> SafeString:
    """Draw the widget of a field with the DSFR class of its kind.

    ``maxlength`` is left out: browsers cut a long paste in silence, the server says what is too long.
    """
    widget = field.field.widget
    picker = NATIVE_PICKERS.get(type(widget))
    if picker is not None:
        widget = picker(attrs=widget.attrs)
    classes = f"{widget.attrs.get('class', '')} {_CLASSES.get(kind(field), 'fr-input')}".strip()
    attrs: dict[str, Any] = {"maxlength": False}
    if classes:
        attrs["class"] = classes
    return field.as_widget(widget=widget, attrs=attrs)


@register.filter
def options(field: BoundField) -> Iterator[dict[str, Any]]:
    """Yield the context of each box or button of a group, for Django's ``input.html``.

    A radio button is never invalid by itself (ARIA): its group says it.
    """
    for option in field.subwidgets:
        data = option.data
        if data["type"] == "radio":
            data = {**data, "attrs": {**data["attrs"], "aria-invalid": False}}
        yield data


@register.filter
def summary(form: forms.BaseForm) -> list[SummaryLine]:
    """Return the errors of a form in the order of its page: of the whole form, then of its fields."""
    lines = [SummaryLine("", "", str(message)) for message in form.non_field_errors()]
    layout = getattr(getattr(form, "helper", None), "layout", None)
    placed = [pointer.name for pointer in layout.get_field_names()] if layout else []
    names = [name for name in dict.fromkeys([*placed, *form.fields]) if name in form.fields]
    for field in (form[name] for name in names):
        target = "" if field.is_hidden else anchor(field)
        label = "" if field.is_hidden else str(field.label)
        lines += [SummaryLine(target, label, str(message)) for message in field.errors]
    return lines


@register.filter
def formset_summary(formset: forms.BaseFormSet) -> list[SummaryLine]:
    """Return the errors of a formset: its own, then those of each of its forms."""
    lines = [SummaryLine("", "", str(message)) for message in formset.non_form_errors()]
    for form in formset:
        lines += summary(form)
    return lines
