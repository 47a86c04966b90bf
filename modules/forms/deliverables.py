"""Forms of the deliverables: what is owed, what is handed in, why it is sent back."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from accounts.access import Scope
from accounts.selectors import services_to_choose
from common.forms import DsfrFormHelper, Section
from modules.enums import DeliverableKind, DeliverableState
from modules.forms.files import UploadField
from modules.forms.groups import RowForm
from modules.models import Deliverable, LabelCycle
from modules.rules.deliverables import OWED
from modules.selectors.correspondents import accounts_to_choose
from modules.selectors.deliverables import mine
from modules.selectors.groups import groups_of


class DeliverableFilterForm(forms.Form):
    """Filters of the list."""

    show_optional = False

    state = forms.ChoiceField(
        label="État",
        required=False,
        choices=[
            ("", "Tous"),
            ("owed", "À remettre"),
            ("late", "En retard"),
            *DeliverableState.choices,
        ],
    )
    kind = forms.ChoiceField(
        label="Nature", required=False, choices=[("", "Toutes"), *DeliverableKind.choices]
    )
    group = forms.ModelChoiceField(
        label="Groupe", required=False, queryset=None, empty_label="Tous"
    )
    service = forms.ModelChoiceField(
        label="Service", required=False, queryset=None, empty_label="Tous"
    )
    whose = forms.ChoiceField(
        label="De qui", required=False, choices=[("", "De tous"), ("mine", "Les miens")]
    )

    def __init__(self, *args: Any, cycle: LabelCycle, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scope = scope
        self.fields["group"].queryset = groups_of(cycle)  # type: ignore[attr-defined]
        self.fields["service"].queryset = services_to_choose(cycle.prefecture)  # type: ignore[attr-defined]

    def apply(self, rows: QuerySet[Any], today: date) -> QuerySet[Any]:
        """Return the deliverables that answer; a filter that makes no sense is ignored."""
        self.is_valid()
        given = self.cleaned_data
        match given.get("state"):
            case "owed":
                rows = rows.filter(state__in=OWED)
            case "late":
                rows = rows.filter(state__in=OWED, due_on__lt=today)
            case state if state:
                rows = rows.filter(state=state)
        for name in ("kind", "group", "service"):
            if given.get(name):
                rows = rows.filter(**{name: given[name]})
        if given.get("whose") == "mine":
            rows = rows.filter(mine(self._scope))
        return rows


class DeliverableForm(RowForm):
    """What is owed, by whom, for when."""

    class Meta:
        model = Deliverable
        fields = ("kind", "title", "due_on", "group", "service", "owner", "owner_name", "note")
        widgets: ClassVar = {"note": forms.Textarea(attrs={"rows": 3})}
        labels: ClassVar = {
            "group": "Groupe de travail",
            "service": "Service",
            "owner_name": "Nom, si cette personne n’a pas de compte",
        }
        help_texts: ClassVar = {"title": "Par exemple : Tableau de suivi des réclamations"}
        error_messages: ClassVar = {
            "title": {"required": "Dites ce qui est attendu."},
            "kind": {"required": "Choisissez la nature du livrable."},
            "due_on": {"required": "Indiquez pour quand."},
        }

    def __init__(self, *args: Any, cycle: LabelCycle, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists: dict[str, tuple[QuerySet[Any], str]] = {
            "group": (groups_of(cycle), "Aucun groupe"),
            "service": (services_to_choose(cycle.prefecture), "Aucun service"),
            "owner": (accounts_to_choose(cycle.prefecture), "Aucun compte"),
        }
        for name, (rows, nothing) in lists.items():
            field: Any = self.fields[name]
            field.queryset, field.empty_label = rows, nothing
        owner: Any = self.fields["owner"]
        owner.label_from_instance = lambda account: account.signature_label
        self.lay_out(
            "Enregistrer le livrable" if self.instance.pk else "Ajouter le livrable",
            cancel_url,
            Section("Livrable", "kind", "title", "due_on"),
            Section(
                "Qui le doit",
                "owner",
                "owner_name",
                "service",
                "group",
                help_text="Au moins une personne, un service ou un groupe. Les rappels vont au "
                "responsable, à défaut aux correspondants du service, à défaut aux pilotes du groupe.",
            ),
            Section("Précisions", "note"),
        )


class HandInForm(forms.Form):
    """What is handed in: a file, or something that the application already holds."""

    upload = UploadField(label="Fichier", required=False)
    procedure = forms.ModelChoiceField(
        label="Fiche de procédure", required=False, queryset=None, empty_label="Aucune"
    )
    assessment = forms.ModelChoiceField(
        label="Auto-diagnostic", required=False, queryset=None, empty_label="Aucun"
    )
    note = forms.CharField(
        label="Remarque", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self,
        *args: Any,
        deliverable: Deliverable,
        procedures: QuerySet[Any],
        assessments: QuerySet[Any],
        **kwargs: Any,
    ) -> None:
        initial = {
            "procedure": deliverable.procedure_id,
            "assessment": deliverable.assessment_id,
            "note": deliverable.note,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["procedure"].queryset = procedures  # type: ignore[attr-defined]
        self.fields["assessment"].queryset = assessments  # type: ignore[attr-defined]
        if deliverable.stored is not None:
            upload = self.fields["upload"]
            upload.help_text = f"{upload.help_text} Vide : {deliverable.stored.name} est gardé."
        self.helper = DsfrFormHelper(
            "Remettre le livrable",
            cancel_url=reverse("modules:deliverable_detail", args=[deliverable.pk]),
        )

    def values(self) -> dict[str, Any]:
        """Return the valid values for the service."""
        return {**self.cleaned_data, "upload": self.cleaned_data.get("upload") or None}


class SendBackForm(forms.Form):
    """Why something is asked for again."""

    reason = forms.CharField(
        label="Motif du renvoi",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dites ce qui est à reprendre : il sera lu en tête de page.",
        error_messages={"required": "Dites ce qui est à reprendre, puis renvoyez."},
    )

    def __init__(self, *args: Any, submit: str, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = DsfrFormHelper(submit, cancel_url=cancel_url)
