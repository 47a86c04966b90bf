"""The file of a plan handed in, and a version of the plan to validate."""

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms

from action_plans.models import PlanVersion
from common.form_tools import keep_to_one_line
from common.forms import DateInput, DsfrFormHelper, TableFileField


class PlanFileForm(forms.Form):
    """The table to import."""

    file = TableFileField(
        label="Tableau du plan d’actions",
        help_text="ODS, XLSX ou CSV, une action par ligne, 5 000 lignes au plus.",
    )

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = DsfrFormHelper("Voir ce qui changerait", cancel_url=cancel_url)


class PlanVersionForm(forms.ModelForm):
    """Who validated the plan of which year, and when."""

    class Meta:
        model = PlanVersion
        fields: ClassVar = ["year", "validated_on", "validated_by_name", "note"]
        widgets: ClassVar = {
            "year": forms.NumberInput(attrs={"inputmode": "numeric"}),
            "validated_on": DateInput(),
            "note": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_to_one_line(self.fields)
        self.fields["validated_by_name"].help_text = "Par exemple : le comité de pilotage."
        self.helper = DsfrFormHelper("Arrêter cette version", cancel_url=cancel_url)
        self.helper.layout = Layout(*self.Meta.fields)
