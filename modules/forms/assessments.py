"""Forms of the auto-diagnostic: the campaign, a deadline, a review, a comparison."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from common.editing import RevisionFormMixin
from common.forms import DateInput, DsfrFormHelper
from modules import limits
from modules.models import AssessmentSheet, LabelCycle, Module, SelfAssessment
from modules.rules.assessments import Move


FOLLOWERS = "Les services qui avaient la même date suivent ; les délais accordés à part restent."


class AssessmentForm(RevisionFormMixin, forms.ModelForm):
    """Open a campaign, or change it; ``source``: what its answers may be taken over from."""

    class Meta:
        model = SelfAssessment
        fields = ("name", "due_on", "note")
        widgets: ClassVar = {"due_on": DateInput, "note": forms.Textarea(attrs={"rows": 4})}
        help_texts: ClassVar = {
            "name": "Par exemple : Auto-diagnostic de mars 2022",
            "note": "Elles s’affichent en tête de chaque grille.",
        }

    def __init__(
        self, *args: Any, cancel_url: str, source: SelfAssessment | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance.pk is None
        if is_new and source is not None:
            self.fields["carry"] = forms.BooleanField(
                label=f"Reprendre les réponses de « {source.name} »",
                required=False,
                help_text="Résultats, maturité et commentaires sont repris, chacun « à revoir ».",
            )
        if not is_new:
            self.fields["due_on"].help_text = FOLLOWERS
        submit = "Ouvrir l’auto-diagnostic" if is_new else "Enregistrer"
        self.helper = DsfrFormHelper(submit, cancel_url=cancel_url)

    def values(self) -> dict[str, Any]:
        """Return the valid values for the service; ``carry`` only at the opening."""
        names = ("name", "due_on", "note", "carry")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class DeadlineForm(RevisionFormMixin, forms.ModelForm):
    """The deadline of one service."""

    class Meta:
        model = AssessmentSheet
        fields = ("due_on",)
        widgets: ClassVar = {"due_on": DateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        back = reverse("modules:assessment_detail", args=[self.instance.assessment_id])
        self.helper = DsfrFormHelper("Enregistrer la date limite", cancel_url=back)


class SendBackForm(forms.Form):
    """Why a sheet goes back to its service."""

    reason = forms.CharField(
        label="Motif",
        max_length=limits.LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Les correspondants le reçoivent par courriel et le lisent en tête de la grille.",
    )
    decision = forms.CharField(widget=forms.HiddenInput, initial="send_back", required=False)

    def __init__(self, *args: Any, sheet: AssessmentSheet, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        back = reverse("modules:sheet_detail", args=[sheet.pk])
        self.helper = DsfrFormHelper(label, cancel_url=back)


class CompareForm(forms.Form):
    """What to compare; every choice is in the address. Without a second service: the same one."""

    show_optional = False

    before = forms.ModelChoiceField(label="Avant", queryset=None, empty_label=None)
    after = forms.ModelChoiceField(label="Après", queryset=None, empty_label=None)
    service = forms.ModelChoiceField(
        label="Service", queryset=None, required=False, empty_label="Tous les services"
    )
    other_service = forms.ModelChoiceField(
        label="Comparé au service", queryset=None, required=False, empty_label="Le même"
    )
    module = forms.ModelChoiceField(
        label="Module", queryset=None, required=False, empty_label="Tous les modules"
    )
    move = forms.ChoiceField(
        label="Montrer",
        required=False,
        choices=[("", "Ce qui a changé"), *Move.choices],
    )

    def __init__(
        self,
        *args: Any,
        cycle: LabelCycle,
        assessments: QuerySet[Any],
        services: QuerySet[Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, QuerySet[Any]] = {
            "before": assessments,
            "after": assessments,
            "service": services,
            "other_service": services,
            "module": Module.objects.filter(cycles=cycle).order_by("number"),
        }
        for name, queryset in choices.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("other_service") and not cleaned.get("service"):
            self.add_error("service", "Choisissez le premier des deux services à comparer.")
        return cleaned
