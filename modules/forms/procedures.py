"""Forms of the procedure sheets."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.access import Scope
from accounts.models import Prefecture
from accounts.selectors import services_to_choose
from common.forms import DateInput, DsfrFormHelper, Section
from common.search import holding
from modules.enums import ProcedureState
from modules.forms.files import UploadField
from modules.forms.groups import RowForm
from modules.models import Commitment, Heading, Procedure, ProcedureVersion
from modules.selectors.correspondents import accounts_to_choose
from modules.selectors.procedures import sees_drafts, to_read


def sheet_url(procedure: Procedure) -> str:
    """Return the address of a sheet."""
    return reverse("modules:procedure_detail", args=[procedure.pk])


class ProcedureFilterForm(forms.Form):
    """Filters of the list; states in preparation are offered to who sees drafts."""

    show_optional = False

    q = forms.CharField(label="Référence ou intitulé", required=False, max_length=100)
    state = forms.ChoiceField(label="État", required=False)
    service = forms.ModelChoiceField(
        label="Service", required=False, queryset=None, empty_label="Tous"
    )

    def __init__(self, *args: Any, scope: Scope, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scope, self._today = scope, today
        states = [("", "Toutes"), ("approved", "En vigueur"), ("review", "À revoir")]
        if sees_drafts(scope):
            states += [("draft", "En rédaction"), ("submitted", "À approuver")]
        if scope.service_ids:
            states.append(("read", "À lire par moi"))
        self.fields["state"].choices = states  # type: ignore[attr-defined]
        self.fields["service"].queryset = services_to_choose(scope.prefecture)  # type: ignore[attr-defined]

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the sheets that answer; a filter that makes no sense is ignored."""
        self.is_valid()
        rows = rows.filter(holding(self.cleaned_data.get("q", ""), "reference", "title"))
        if service := self.cleaned_data.get("service"):
            concerned = Procedure.services.through.objects.filter(
                procedure=OuterRef("pk"), service=service
            )
            rows = rows.filter(Q(service=service) | Exists(concerned))
        match self.cleaned_data.get("state"):
            case "approved":
                return rows.filter(approved__isnull=False)
            case "review":
                return rows.filter(review_on__lte=self._today)
            case "draft" | "submitted" as state:
                opened = ProcedureVersion.objects.filter(procedure=OuterRef("pk"), state=state)
                return rows.filter(Exists(opened))
            case "read":
                mine = Procedure.objects.filter(to_read(self._scope), pk=OuterRef("pk"))
                return rows.filter(Exists(mine))
        return rows


class ProcedureForm(RowForm):
    """What a sheet is about, who answers for it, who must read it."""

    class Meta:
        model = Procedure
        fields = ("reference", "title", "owner", "service", "review_on", "services")
        widgets: ClassVar = {"services": forms.CheckboxSelectMultiple, "review_on": DateInput}
        labels: ClassVar = {
            "service": "Service qui l’écrit",
            "services": "Services qui doivent la lire",
        }
        help_texts: ClassVar = {
            "title": "Par exemple : Traiter une réclamation reçue à l’accueil",
            "review_on": "Passé ce jour, la fiche est signalée « à revoir ».",
        }
        error_messages: ClassVar = {"title": {"required": "Donnez un intitulé à la fiche."}}

    def __init__(self, *args: Any, prefecture: Prefecture, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = services_to_choose(prefecture)
        owner: Any = self.fields["owner"]
        owner.queryset, owner.empty_label = accounts_to_choose(prefecture), "Personne"
        owner.label_from_instance = lambda account: account.signature_label
        service: Any = self.fields["service"]
        service.queryset, service.empty_label = services, "Aucun en particulier"
        self.fields["services"].queryset = services  # type: ignore[attr-defined]
        self.lay_out(
            "Enregistrer la fiche" if self.instance.pk else "Créer la fiche",
            cancel_url,
            Section("Fiche", "reference", "title"),
            Section("Suivi", "owner", "service", "review_on"),
            Section(
                "Lecture",
                "services",
                help_text="Un de leurs agents au moins atteste avoir lu chaque version approuvée.",
            ),
        )


class CommitmentsForm(forms.Form):
    """Commitments that a sheet serves: a section for each module, a group of boxes for each rubrique."""

    show_optional = False

    def __init__(
        self,
        *args: Any,
        procedure: Procedure,
        commitments: Iterable[Commitment],
        served: Collection[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._commitments = {item.pk: item for item in commitments}
        by_heading: dict[Heading, list[Commitment]] = {}
        for item in self._commitments.values():
            by_heading.setdefault(item.heading, []).append(item)
        sections: dict[str, list[str]] = {}
        for heading, items in by_heading.items():
            name = f"rubrique-{heading.pk}"
            sections.setdefault(str(heading.module), []).append(name)
            self.fields[name] = forms.TypedMultipleChoiceField(
                label=heading.title,
                required=False,
                coerce=int,
                widget=forms.CheckboxSelectMultiple,
                choices=[(item.pk, str(item)) for item in items],
                initial=[item.pk for item in items if item.pk in served],
            )
        self.helper = DsfrFormHelper("Enregistrer les engagements", cancel_url=sheet_url(procedure))
        self.helper.layout = Layout(*(Section(title, *names) for title, names in sections.items()))

    def chosen(self) -> list[Commitment]:
        """Return the commitments ticked."""
        keys = [key for name in self.fields for key in self.cleaned_data[name]]
        return [self._commitments[key] for key in keys]


class UploadForm(forms.Form):
    """A file that is the sheet, or a part of it."""

    upload = UploadField()

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = DsfrFormHelper("Déposer le fichier", cancel_url=cancel_url)


class ApproveForm(forms.Form):
    """When the sheet put in force is to be looked at again."""

    review_on = forms.DateField(
        label="À revoir le",
        required=False,
        widget=DateInput,
        help_text="Passé ce jour, la fiche est signalée « à revoir ».",
    )

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: ProcedureVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["revision"].initial = version.revision
        self.helper = DsfrFormHelper(
            f"Mettre en vigueur la version {version.number}",
            cancel_url=sheet_url(version.procedure),
        )


class CompareForm(forms.Form):
    """Which two versions are compared."""

    show_optional = False

    de = forms.TypedChoiceField(label="De la version", coerce=int)
    a = forms.TypedChoiceField(label="À la version", coerce=int)

    def __init__(self, *args: Any, versions: Iterable[ProcedureVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (version.number, f"{version} ({ProcedureState(version.state).label.lower()})")
            for version in versions
        ]
        for name in ("de", "a"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
