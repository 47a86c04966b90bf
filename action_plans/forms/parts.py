"""Forms of the parts of an action: steps, comments, pieces; and of the axes of the plan."""

from typing import Any, ClassVar

from crispy_forms.layout import Div, Layout
from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from action_plans import limits
from action_plans.models import Action, Axis, Step
from common.forms import DateInput, DsfrFormHelper
from common.typography import date_in_words
from modules.forms.groups import RowForm
from modules.models import Evidence


def action_url(action: Action, anchor: str = "") -> str:
    """Return the address of the page of an action, at one of its parts."""
    return reverse("action_plans:action_detail", args=[action.pk]) + (anchor and f"#{anchor}")


class StepForm(RowForm):
    """One thing to do, by whom, for when."""

    class Meta:
        model = Step
        fields = ("title", "owner_name", "due_on")
        widgets: ClassVar = {"due_on": DateInput}
        labels: ClassVar = {"title": "Ce qui est à faire", "owner_name": "Par qui"}
        error_messages: ClassVar = {"title": {"required": "Dites ce qui est à faire."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        action = self.instance.action
        if action.due_on:
            self.fields[
                "due_on"
            ].help_text = f"Au plus tard le {date_in_words(action.due_on)}, échéance de l’action."
        submit = "Enregistrer l’étape" if self.instance.pk else "Ajouter l’étape"
        self.lay_out(submit, action_url(action, "etapes"))


class CommentForm(forms.Form):
    """A sentence for those who follow the action."""

    text = forms.CharField(
        label="Votre commentaire",
        max_length=limits.LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Lu par vos collègues de la préfecture, jamais par un auditeur.",
        error_messages={"required": "Écrivez votre commentaire, puis publiez-le."},
    )

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = DsfrFormHelper(
            "Publier le commentaire", cancel_url=action_url(action, "commentaires")
        )


class AttachForm(forms.Form):
    """Pieces already deposited that show that the action was done."""

    pieces = forms.ModelMultipleChoiceField(
        label="Pièces de la préfecture",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins une pièce.",
            "invalid_choice": "Une des pièces n’est plus dans la liste.",
        },
    )

    def __init__(self, *args: Any, action: Action, rows: QuerySet[Evidence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["pieces"]
        field.queryset = rows
        field.choices = [(row.pk, _in_one_line(row)) for row in rows]
        self.helper = DsfrFormHelper(
            "Joindre les pièces cochées", cancel_url=action_url(action, "pieces")
        )
        self.helper.layout = Layout(Div("pieces", css_class="qp-checklist", data_checklist="pièce"))


def _in_one_line(piece: Evidence) -> str:
    kind = piece.get_kind_display().lower()
    return f"{piece.title} – {kind}, {piece.dated_on:%d/%m/%Y}"


class AxisForm(RowForm):
    """A heading of the plan."""

    class Meta:
        model = Axis
        fields = ("title",)
        help_texts: ClassVar = {"title": "Par exemple : Accueil du public"}
        error_messages: ClassVar = {"title": {"required": "Donnez un intitulé à l’axe."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            # Under the list itself: nothing to go back to.
            self.helper = DsfrFormHelper("Ajouter l’axe")
        else:
            self.lay_out("Enregistrer l’axe", reverse("action_plans:axis_list"))
