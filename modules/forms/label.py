"""Forms of the end of a démarche: decision, closing."""

from typing import Any, ClassVar

from django import forms

from modules.forms.cycles import CycleValuesForm, back_to
from modules.models import LabelCycle
from modules.selectors.label import predecessors_to_choose
from modules.workflow import closings_of


class DecisionForm(CycleValuesForm):
    """The decision that grants the label: when, by whom, until when, which label it renews."""

    class Meta:
        model = LabelCycle
        fields = ("labelled_on", "label_body", "label_ends_on", "predecessor")
        labels: ClassVar = {
            "labelled_on": "Date de la décision",
            "label_body": "Organisme qui décide",
            "label_ends_on": "Label valable jusqu’au",
            "predecessor": "Renouvelle le label de",
        }
        help_texts: ClassVar = {
            "label_body": "Par exemple : SOCOTEC",
            "label_ends_on": "Laissez vide si la décision ne le dit pas : trois ans seront comptés, "
            "durée à confirmer.",
        }
        error_messages: ClassVar = {
            "labelled_on": {"required": "Indiquez la date de la décision."},
            "label_body": {"required": "Indiquez l’organisme qui a décidé."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["labelled_on"].required = True
        self.fields["label_body"].required = True
        former: Any = self.fields["predecessor"]
        former.queryset = predecessors_to_choose(self.instance)
        former.empty_label = "Aucun : c’est une première labellisation"
        self.lay_out("Enregistrer la décision", back_to(self.instance))


class CloseForm(CycleValuesForm):
    """How a démarche closes: which way, when, why."""

    class Meta:
        model = LabelCycle
        fields = ("ended_on", "end_reason")
        labels: ClassVar = {"ended_on": "Date", "end_reason": "Motif"}
        error_messages: ClassVar = {
            "ended_on": {"required": "Indiquez la date."},
            "end_reason": {"required": "Indiquez le motif."},
        }

    closing = forms.ChoiceField(
        label="Ce qui met fin à la démarche",
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce qui met fin à la démarche."},
    )
    field_order = ("closing", "ended_on", "end_reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["closing"]
        choices.choices = [(item.code, item.label) for item in closings_of(self.instance.state)]
        self.fields["ended_on"].required = True
        self.fields["end_reason"].required = True
        self.lay_out("Clore la démarche", back_to(self.instance))
