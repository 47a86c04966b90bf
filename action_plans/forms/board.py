"""Forms of the board: what is shown, where a card goes and why."""

from typing import Any

from django import forms

from action_plans import limits
from action_plans.enums import ActionState
from action_plans.models import Action
from action_plans.workflow import transition_between
from common.forms import DsfrFormHelper


class MoveForm(forms.Form):
    """One card put in one column, as the board and the form in each card send it.

    ``filters``: the query of the board, to come back to it.
    """

    show_optional = False

    target = forms.ChoiceField(
        choices=ActionState.choices,
        error_messages={
            "required": "Choisissez la colonne où placer l’action.",
            "invalid_choice": "Cette colonne n’existe pas. Rechargez la page.",
        },
    )
    revision = forms.IntegerField(
        min_value=1, error_messages={"required": "Rechargez la page, puis recommencez."}
    )
    reason = forms.CharField(required=False, max_length=limits.REASON)
    filters = forms.CharField(required=False, max_length=1000)

    @property
    def first_error(self) -> str:
        """The first thing that is wrong."""
        return str(next(iter(self.errors.values()))[0])

    def values(self) -> dict[str, Any]:
        """Return the valid values for ``services.board.move_card``."""
        return {
            "target": ActionState(self.cleaned_data["target"]),
            "revision": self.cleaned_data["revision"],
            "reason": self.cleaned_data["reason"],
        }


class MoveReasonForm(forms.Form):
    """Why an action takes this state, on a page of its own: where the browser runs no script."""

    target = forms.CharField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    filters = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label="Pourquoi",
        max_length=limits.REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Une phrase suffit : elle est gardée dans l’historique de l’action.",
        error_messages={"required": "Dites pourquoi en une phrase."},
    )

    def __init__(
        self, *args: Any, action: Action, target: ActionState, cancel_url: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        transition = transition_between(action.state, target)
        self.helper = DsfrFormHelper(
            transition.label if transition else "Déplacer l’action", cancel_url=cancel_url
        )
