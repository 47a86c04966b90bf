"""Forms of the pieces of evidence."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar

from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Exists, F, Q, QuerySet

from accounts.access import Scope
from accounts.models import Service
from common.form_tools import keep_to_one_line
from common.forms import DateInput, DsfrFormHelper, Section
from modules.enums import EvidenceKind, EvidenceState
from modules.forms.files import UploadField
from modules.forms.groups import RowForm
from modules.models import Commitment, Evidence, LabelCycle
from modules.models.evidence import EXPIRES_SOON_DAYS
from modules.selectors.evidence import links_in, matching
from modules.selectors.evidence_rights import answers_for_all, services_for_pieces
from modules.services.evidence import FILE_OR_LINK


WHOLE_PREFECTURE = "Toute la préfecture"
_LOST_FILE = (
    "Le fichier n’est pas conservé tant que la page porte des erreurs : choisissez-le de nouveau."
)


class WebAddressField(forms.URLField):
    """An address of the web, never read by the server: ``http`` and ``https`` only."""

    default_validators: ClassVar = [
        URLValidator(
            schemes=["http", "https"],
            message="Cette adresse n’est pas valide. Exemple : https://www.loir-et-cher.gouv.fr/accueil",
        )
    ]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", max_length=500, **kwargs)


class _SourceMixin(forms.Form):
    """A file or an address, one and only one. Put it first."""

    upload = UploadField(required=False)
    url = WebAddressField(
        label="Adresse de la page",
        required=False,
        help_text="Pour ce qui est publié. La page peut changer : préférez une copie en PDF.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_told = bool({"upload", "url"} & set(self.errors))
        if not is_told and bool(cleaned.get("upload")) == bool(cleaned.get("url")):
            self.add_error("upload", FILE_OR_LINK)
        if self.errors and cleaned.get("upload") and "upload" not in self.errors:
            self.add_error("upload", _LOST_FILE)
        return cleaned

    def source(self) -> dict[str, Any]:
        """Return ``upload`` and ``url`` for the service."""
        return {"upload": self.cleaned_data["upload"] or None, "url": self.cleaned_data["url"]}


class _RubriqueField(forms.TypedMultipleChoiceField):
    """Boxes of a rubrique. Ticking none is an answer: never said « (facultatif) », never refused."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class _ChecklistMixin(forms.Form):
    """Boxes for commitments: a section for each module, a group for each rubrique."""

    def add_checklist(
        self, commitments: Iterable[Commitment], ticked: Iterable[int]
    ) -> list[Section]:
        """Add the fields; return their sections."""
        self._commitments = {item.pk: item for item in commitments}
        initial = set(ticked)
        groups: dict[int, list[Commitment]] = {}
        for item in self._commitments.values():
            groups.setdefault(item.heading_id, []).append(item)
        sections: dict[str, list[str]] = {}
        self._groups = [f"rubrique-{key}" for key in groups]
        for key, items in groups.items():
            heading = items[0].heading
            sections.setdefault(str(heading.module), []).append(f"rubrique-{key}")
            self.fields[f"rubrique-{key}"] = _RubriqueField(
                label=heading.title,
                coerce=int,
                choices=[(item.pk, str(item)) for item in items],
                initial=[item.pk for item in items if item.pk in initial],
                error_messages={"invalid_choice": "Un des engagements n’est plus dans la liste."},
            )
        return [Section(title, *names) for title, names in sections.items()]

    def chosen(self) -> list[Commitment]:
        """Return the commitments ticked."""
        keys = [key for name in self._groups for key in self.cleaned_data.get(name, [])]
        return [self._commitments[key] for key in keys]


def _offer_services(form: forms.BaseForm, scope: Scope, present: Service | None = None) -> None:
    """Offer the services for which the reader writes; « Toute la préfecture » to a référent."""
    field: Any = form.fields["service"]
    services = services_for_pieces(scope)
    if present is not None:
        services = services | Service.objects.filter(pk=present.pk).order_by("name")
    field.queryset = services
    is_free = answers_for_all(scope) or _changes_shared_piece(form)
    field.required = not is_free
    field.empty_label = WHOLE_PREFECTURE if is_free else "Choisir un service"
    field.error_messages["required"] = "Choisissez un de vos services."
    if not is_free and len(scope.service_ids) == 1 and not form.initial.get("service"):
        form.initial["service"] = next(iter(scope.service_ids))


def _changes_shared_piece(form: forms.BaseForm) -> bool:
    """Whether the form changes a stored piece of the whole préfecture."""
    instance = getattr(form, "instance", None)
    return instance is not None and instance.pk is not None and instance.service_id is None


class EvidenceForm(RowForm):
    """What is said of a piece."""

    class Meta:
        model = Evidence
        fields = (
            "title",
            "kind",
            "service",
            "dated_on",
            "expires_on",
            "sensitivity",
            "description",
        )
        widgets: ClassVar = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "sensitivity": forms.RadioSelect,
            "dated_on": DateInput,
            "expires_on": DateInput,
        }
        labels: ClassVar = {"service": "Service qui en répond"}
        help_texts: ClassVar = {
            "title": "Par exemple : Charte d’accueil affichée dans le hall",
            "dated_on": "Celle qu’elle porte, sinon le jour où elle a été faite.",
            "expires_on": "Passé ce jour, la pièce est signalée « périmée » et ne prouve plus rien.",
        }
        error_messages: ClassVar = {
            "title": {"required": "Donnez un intitulé à la pièce."},
            "dated_on": {"required": "Indiquez la date de la pièce."},
        }

    def __init__(self, *args: Any, scope: Scope, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_services(self, scope, self.instance.service if self.instance.pk else None)
        kinds = [("", "Choisir une nature"), *EvidenceKind.choices]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.lay_out(
            "Enregistrer la pièce",
            cancel_url,
            Section("Pièce", "title", "kind", "dated_on", "expires_on"),
            Section("Qui en répond, qui la voit", "service", "sensitivity", "description"),
        )


class EvidenceCreateForm(_SourceMixin, _ChecklistMixin, EvidenceForm):
    """A new piece: its content, what is said of it, the commitments that it proves."""

    def __init__(
        self,
        *args: Any,
        commitments: Iterable[Commitment],
        ticked: Iterable[int],
        scope: Scope,
        cancel_url: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, scope=scope, cancel_url=cancel_url, **kwargs)
        self.lay_out(
            "Déposer la pièce",
            cancel_url,
            Section(
                "Contenu", "upload", "url", help_text="Un fichier ou une adresse, l’un ou l’autre."
            ),
            Section("Pièce", "title", "kind", "dated_on", "expires_on"),
            Section("Qui en répond, qui la voit", "service", "sensitivity", "description"),
            _checklist(self.add_checklist(commitments, ticked)),
        )


def _checklist(sections: list[Section]) -> Div:
    return Div(
        *sections, css_class="qp-checklist", css_id="engagements", data_checklist="engagement"
    )


class VersionForm(_SourceMixin, RowForm):
    """A new content for a piece."""

    class Meta:
        model = Evidence
        fields = ("dated_on", "expires_on")
        widgets: ClassVar = {"dated_on": DateInput, "expires_on": DateInput}
        labels: ClassVar = {"dated_on": "Date de la nouvelle version"}

    note = forms.CharField(
        label="Ce qui change",
        required=False,
        max_length=300,
        help_text="Par exemple : chiffres de l’année 2022",
    )

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out(
            "Remplacer la version actuelle",
            cancel_url,
            Section(
                "Contenu", "upload", "url", help_text="Un fichier ou une adresse, l’un ou l’autre."
            ),
            Section("Version", "dated_on", "expires_on", "note"),
        )


class AttachForm(_ChecklistMixin):
    """Commitments to which a piece is joined, for a service or for all of them."""

    service = forms.ModelChoiceField(label="Pour quel service", queryset=None, required=False)

    def __init__(
        self,
        *args: Any,
        commitments: Iterable[Commitment],
        scope: Scope,
        cancel_url: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer_services(self, scope)
        self.helper = DsfrFormHelper("Joindre aux engagements cochés", cancel_url=cancel_url)
        self.helper.layout = Layout(
            Section("Service", "service"), _checklist(self.add_checklist(commitments, ()))
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.chosen():
            raise ValidationError("Cochez au moins un engagement.")
        return cleaned


class JoinForm(forms.Form):
    """Pieces already there that prove a commitment."""

    service = forms.ModelChoiceField(label="Pour quel service", queryset=None, required=False)
    pieces = forms.ModelMultipleChoiceField(
        label="Pièces",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins une pièce.",
            "invalid_choice": "Une des pièces n’est plus dans la liste.",
        },
    )

    def __init__(
        self,
        *args: Any,
        pieces: QuerySet[Evidence],
        shown: list[Evidence],
        scope: Scope,
        cancel_url: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer_services(self, scope)
        field: Any = self.fields["pieces"]
        field.queryset = pieces
        field.choices = [(item.pk, _in_one_line(item)) for item in shown]
        self.helper = DsfrFormHelper("Joindre les pièces cochées", cancel_url=cancel_url)
        self.helper.layout = Layout(
            "service", Div("pieces", css_class="qp-checklist", data_checklist="pièce")
        )


def _in_one_line(piece: Evidence) -> str:
    who = piece.service or WHOLE_PREFECTURE
    return f"{piece.title} – {piece.get_kind_display().lower()}, {piece.dated_on:%d/%m/%Y} ({who})"


class EvidenceFilterForm(forms.Form):
    """Filters of the list of pieces."""

    show_optional = False
    MORE = ("kind", "module", "commitment", "sort")

    q = forms.CharField(label="Intitulé", required=False, max_length=100)
    state = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *EvidenceState.choices]
    )
    joined = forms.ChoiceField(
        label="Rattachement",
        required=False,
        choices=[("", "Toutes"), ("yes", "Jointes à la démarche"), ("no", "Non jointes")],
    )
    service = forms.ModelChoiceField(
        label="Service", required=False, queryset=None, empty_label="Tous"
    )
    kind = forms.ChoiceField(
        label="Nature", required=False, choices=[("", "Toutes"), *EvidenceKind.choices]
    )
    module = forms.ModelChoiceField(
        label="Module", required=False, queryset=None, empty_label="Tous"
    )
    commitment = forms.TypedChoiceField(label="Engagement", required=False, coerce=int)
    sort = forms.ChoiceField(
        label="Trier par",
        required=False,
        choices=[
            ("", "Intitulé"),
            ("recent", "Ajout le plus récent"),
            ("date", "Date de la pièce"),
            ("expiry", "Fin de validité"),
        ],
    )

    def __init__(
        self,
        *args: Any,
        cycle: LabelCycle,
        commitments: Iterable[Commitment],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        keep_to_one_line(self.fields)
        self._cycle, self._today = cycle, today
        services = Service.objects.filter(prefecture=cycle.prefecture_id).order_by("name")
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        self.fields["module"].queryset = cycle.modules.order_by("number")  # type: ignore[attr-defined]
        self.fields["commitment"].choices = [  # type: ignore[attr-defined]
            ("", "Tous"),
            *((item.pk, _short(item)) for item in commitments),
        ]

    @property
    def is_more_used(self) -> bool:
        """Whether one of the folded filters is set."""
        return any(self.data.get(name) for name in self.MORE)

    def apply(self, rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
        """Return the pieces that answer; a filter that makes no sense is ignored."""
        self.is_valid()
        given = self.cleaned_data
        rows = matching(rows, given.get("q", ""))
        for name in ("kind", "service"):
            if value := given.get(name):
                rows = rows.filter(**{name: value})
        links = links_in(self._cycle)
        if given.get("joined"):
            joined = Exists(links)
            rows = rows.filter(joined if given["joined"] == "yes" else ~joined)
        if module := given.get("module"):
            rows = rows.filter(Exists(links.filter(commitment__heading__module=module)))
        if commitment := given.get("commitment"):
            rows = rows.filter(Exists(links.filter(commitment=commitment)))
        return rows.filter(self._in_state(given.get("state"))).order_by(*self._order(given))

    def _in_state(self, state: str | None) -> Q:
        soon = self._today + timedelta(days=EXPIRES_SOON_DAYS)
        match state:
            case EvidenceState.EXPIRED:
                return Q(expires_on__lt=self._today)
            case EvidenceState.SOON:
                return Q(expires_on__range=(self._today, soon))
            case EvidenceState.VALID:
                return Q(expires_on__isnull=True) | Q(expires_on__gt=soon)
        return Q()

    def _order(self, given: dict[str, Any]) -> tuple[Any, ...]:
        match given.get("sort"):
            case "recent":
                return ("-added_at", "-pk")
            case "date":
                return ("-dated_on", "title", "pk")
            case "expiry":
                return (F("expires_on").asc(nulls_last=True), "title", "pk")
        return ("title", "pk")


def _short(commitment: Commitment) -> str:
    text = str(commitment)
    return text if len(text) <= 90 else f"{text[:89]}…"
