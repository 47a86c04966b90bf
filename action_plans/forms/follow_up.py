"""What an owner says of their action through the link of a letter."""

from typing import Any, ClassVar

from django import forms

from action_plans import limits
from action_plans.models import Action, Step
from common.forms import DsfrFormHelper
from common.typography import date_in_words
from modules.forms.groups import RowForm


class FollowUpForm(RowForm):
    """Progress, steps done, a comment. Somebody who changed the progress meanwhile is told."""

    steps = forms.ModelMultipleChoiceField(
        label="Étapes faites",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    comment = forms.CharField(
        label="Un mot à dire",
        required=False,
        max_length=limits.LONG_TEXT - 1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Une difficulté, un retard, une bonne nouvelle : lu par ceux qui suivent l’action.",
    )

    class Meta:
        model = Action
        fields = ("progress",)
        labels: ClassVar = {"progress": "Avancement, en %"}
        error_messages: ClassVar = {
            "progress": {
                "required": "Indiquez l’avancement, de 0 à 100.",
                "invalid": "L’avancement est un nombre entier de 0 à 100.",
                "max_value": "L’avancement va de 0 à 100.",
                "min_value": "L’avancement va de 0 à 100.",
            }
        }

    field_order = ("steps", "progress", "comment")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Step.objects.filter(action=self.instance, removed_at__isnull=True)
        field: Any = self.fields["steps"]
        # A step done meanwhile stays a choice: sending the same form twice is harmless.
        field.queryset = rows
        to_do = list(rows.filter(done_on__isnull=True).order_by("position", "pk"))
        field.choices = [(step.pk, _step_label(step)) for step in to_do]
        if not to_do and not self.is_bound:
            del self.fields["steps"]
        self.helper = DsfrFormHelper("Envoyer les nouvelles")

    def _changed_since(self, read: int | None) -> list[str]:
        """Sending the same value twice is no conflict."""
        changed = super()._changed_since(read)
        return [name for name in changed if self.cleaned_data.get(name) != self._stored[name]]

    def _stale_message(self, changed: list[str]) -> str:
        """Tell the present value, and no name: whoever holds the link may not know the people."""
        return (
            f"L’avancement vient d’être porté à {self._stored['progress']} % par quelqu’un d’autre. Votre "
            "saisie est conservée : envoyez de nouveau pour la garder, ou corrigez-la."
        )


def _step_label(step: Step) -> str:
    return f"{step.title} (pour le {date_in_words(step.due_on)})" if step.due_on else step.title
