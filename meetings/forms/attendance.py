"""What is ticked on the attendance page, and guests."""

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms

from common.editing import RevisionFormMixin
from common.forms import DsfrFormHelper, Section
from meetings.enums import Presence
from meetings.models import Attendance, Guest
from meetings.rules import Mark
from meetings.selectors.attendance import GridRow, seen_value


UNTICKED = ""


class MarkForm(forms.Form):
    """One row of the grid; its fields are prefixed with the row's key (« member-7 »).

    ``mark`` is what was ticked, ``None`` for nothing; ``seen`` is what the page had read.
    """

    presence = forms.ChoiceField(
        choices=[(UNTICKED, "Non pointé"), *Presence.choices],
        required=False,
        error_messages={"invalid_choice": "Choisissez une des présences proposées."},
    )
    represented_by = forms.CharField(
        max_length=Attendance._meta.get_field("represented_by").max_length, required=False
    )
    note = forms.CharField(max_length=Attendance._meta.get_field("note").max_length, required=False)
    seen = forms.CharField(required=False, strip=False)

    def clean_note(self) -> str:
        """A remark is one line, however it was pasted."""
        return " ".join(self.cleaned_data["note"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unticked = "presence" in cleaned and cleaned["presence"] == UNTICKED
        if unticked and cleaned.get("note"):
            self.add_error("note", "Pointez d’abord une présence : l’observation s’y rattache.")
        return cleaned

    @property
    def mark(self) -> Mark | None:
        data = self.cleaned_data
        if data["presence"] == UNTICKED:
            return None
        presence = Presence(data["presence"])
        # Who represents is meant only for « représenté »; another choice drops it.
        represented_by = data["represented_by"] if presence == Presence.REPRESENTED else ""
        return Mark(presence, represented_by, data["note"])

    @property
    def read(self) -> str:
        """Return what the page had read (``GridRow.seen``)."""
        return self.cleaned_data["seen"]

    @property
    def has_moved(self) -> bool:
        """Tell whether this page changed the row; what it left alone may have been changed elsewhere."""
        return seen_value(self.mark) != self.read

    @property
    def typed(self) -> dict[str, str]:
        """Return what was sent, valid or not, to be shown again."""
        names = ("presence", "represented_by", "note")
        return {name: self[name].value() or "" for name in names}

    def first_error(self) -> str:
        """Return one French sentence for a cell saved alone."""
        return next(iter(message for messages in self.errors.values() for message in messages))


def mark_forms(data: Any, rows: list[GridRow]) -> dict[str, MarkForm]:
    """Return the form of each row that was sent, by its key; rows absent from ``data`` are left."""
    return {row.key: MarkForm(data, prefix=row.key) for row in rows if f"{row.key}-seen" in data}


class GuestForm(RevisionFormMixin, forms.ModelForm):
    """Somebody present who is not a member."""

    class Meta:
        model = Guest
        fields = (
            "civility",
            "first_name",
            "last_name",
            "function",
            "organisation",
            "protocol_order",
        )
        error_messages: ClassVar = {"last_name": {"required": "Indiquez le nom de cette personne."}}
        help_texts: ClassVar = {
            "protocol_order": "Place dans la liste des présents : 1 vient en premier. Les membres "
            "suivent le même ordre."
        }

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = "Enregistrer cet invité" if self.instance.pk else "Ajouter cet invité"
        self.helper = DsfrFormHelper(words, cancel_url=cancel_url)
        self.helper.render_hidden_fields = True
        self.helper.layout = Layout(
            Section("La personne", "civility", "first_name", "last_name"),
            Section("Qui elle représente", "function", "organisation", "protocol_order"),
        )
