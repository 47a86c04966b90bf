"""Forms of a committee and of its composition; they check, the services write."""

from datetime import date
from typing import Any, ClassVar

from crispy_forms.layout import Layout, Row
from django import forms
from django.db.models import QuerySet

from accounts.models import Prefecture
from common.editing import RevisionFormMixin
from common.forms import DsfrFormHelper, Section, TableFileField
from common.search import holding
from meetings.enums import CommitteeKind
from meetings.models import Body, Committee, Member
from modules.selectors.groups import groups_to_choose


BAD_DATE = "Cette date n’existe pas. Indiquez le jour, le mois et l’année, par exemple 01/04/2021."


class CommitteeFilterForm(forms.Form):
    """Filters of the list of committees."""

    show_optional = False

    q = forms.CharField(label="Rechercher un nom", required=False, max_length=100)
    kind = forms.ChoiceField(
        label="Nature", required=False, choices=[("", "Toutes"), *CommitteeKind.choices]
    )

    def apply(self, committees: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the committees asked for; a filter that makes no sense filters nothing."""
        self.is_valid()
        committees = committees.filter(holding(self.cleaned_data.get("q", ""), "name"))
        if kind := self.cleaned_data.get("kind"):
            committees = committees.filter(kind=kind)
        return committees


class _RecordForm(RevisionFormMixin, forms.ModelForm):
    """A form whose values go to a service; it never saves by itself."""

    def values(self) -> dict[str, Any]:
        """Return the valid values of the model's fields, for the service."""
        return {
            name: self.cleaned_data[name] for name in self._meta.fields if name in self.cleaned_data
        }


class CommitteeForm(_RecordForm):
    """What a committee is; its address may be left to the application."""

    class Meta:
        model = Committee
        fields = (
            "name",
            "kind",
            "working_group",
            "legal_basis",
            "service_line",
            "default_place",
            "slug",
        )
        labels: ClassVar = {"slug": "Fin de l’adresse de la page"}
        help_texts: ClassVar = {
            "name": "Par exemple : Comité local des usagers de Loir-et-Cher",
            "default_place": "Proposé à la création de chaque séance.",
            "working_group": "Seulement pour un comité de nature « Groupe de travail » : ses séances "
            "s’affichent sur la page du groupe.",
        }
        error_messages: ClassVar = {
            "name": {"required": "Donnez un nom au comité."},
            "slug": {
                "unique": "Cette adresse est déjà prise. Choisissez-en une autre.",
                "invalid": "Cette adresse ne peut porter que des lettres sans accent, des chiffres et "
                "des tirets, par exemple : clu-loir-et-cher.",
            },
        }
        widgets: ClassVar = {"legal_basis": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, prefecture: Prefecture, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance.pk is None
        group: Any = self.fields["working_group"]
        group.queryset, group.empty_label = groups_to_choose(prefecture), "Aucun"
        group.label_from_instance = lambda item: f"{item.name} ({item.cycle.name})"
        slug = self.fields["slug"]
        slug.required = not is_new
        slug.help_text = (
            "Laissez vide : elle est formée du nom et de la préfecture, par exemple clu-loir-et-cher."
            if is_new
            else "La changer rompt les liens déjà envoyés vers cette page."
        )
        self.helper = DsfrFormHelper(
            "Créer le comité" if is_new else "Enregistrer le comité", cancel_url=cancel_url
        )
        self.helper.render_hidden_fields = True
        self.helper.layout = Layout(
            Section("Identité", "name", "kind", "working_group", "legal_basis"),
            Section("Fonctionnement", "service_line", "default_place"),
            Section("Adresse", "slug"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("kind", CommitteeKind.WORKING_GROUP)
        if cleaned.get("working_group") and kind != CommitteeKind.WORKING_GROUP:
            self.add_error(
                "working_group",
                "Ce comité n’est pas un groupe de travail : changez sa nature, ou ne choisissez "
                "aucun groupe.",
            )
        return cleaned


class BodyForm(_RecordForm):
    """A body of the composition."""

    class Meta:
        model = Body
        fields = ("name", "category", "seats", "protocol_order", "names_absentees")
        help_texts: ClassVar = {
            "name": "Par exemple : Chambre de commerce et d’industrie du 41",
            "protocol_order": "Rang dans les listes : 1 vient en premier.",
        }
        error_messages: ClassVar = {
            "name": {"required": "Donnez le nom de l’organisme."},
            "seats": {
                "required": "Indiquez le nombre de sièges, de 1 à 99.",
                "invalid": "Le nombre de sièges va de 1 à 99.",
                "min_value": "Le nombre de sièges va de 1 à 99.",
                "max_value": "Le nombre de sièges va de 1 à 99.",
            },
        }

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = "Enregistrer l’organisme" if self.instance.pk else "Ajouter l’organisme"
        self.helper = DsfrFormHelper(label, cancel_url=cancel_url)

    def clean_seats(self) -> int:
        seats = self.cleaned_data["seats"]
        if not 1 <= seats <= 99:
            raise forms.ValidationError("Le nombre de sièges va de 1 à 99.")
        return int(seats)


class MemberForm(_RecordForm):
    """Somebody in a body of this committee, for a time."""

    class Meta:
        model = Member
        fields = (
            "body",
            "civility",
            "first_name",
            "last_name",
            "function",
            "protocol_order",
            "email",
            "phone",
            "starts_on",
            "ends_on",
        )
        help_texts: ClassVar = {
            "function": "Telle qu’elle est imprimée dans les listes : « présidente », « préfet »…",
            "protocol_order": "Rang parmi toutes les personnes présentes : 1 vient en premier.",
            "email": "Le compte rendu y est envoyé. Format attendu : prenom.nom@exemple.fr",
            "ends_on": "Dernier jour du mandat.",
        }
        error_messages: ClassVar = {
            "body": {
                "required": "Choisissez l’organisme que cette personne représente.",
                "invalid_choice": "Cet organisme n’est plus dans la composition. Choisissez-en un autre.",
            },
            "starts_on": {"invalid": BAD_DATE},
            "ends_on": {"invalid": BAD_DATE},
        }

    def __init__(self, *args: Any, bodies: QuerySet[Any], cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body = self.fields["body"]
        body.queryset = bodies  # type: ignore[attr-defined]
        body.empty_label = "Choisir un organisme"  # type: ignore[attr-defined]
        self.fields["civility"].choices = [
            ("", "Non précisée"),
            *self.fields["civility"].choices[1:],
        ]  # type: ignore[attr-defined]
        label = "Enregistrer le membre" if self.instance.pk else "Ajouter le membre"
        self.helper = DsfrFormHelper(label, cancel_url=cancel_url)
        self.helper.render_hidden_fields = True
        self.helper.layout = Layout(
            Section(
                "Personne",
                "civility",
                Row("first_name", "last_name"),
                help_text="Elle n’a pas besoin de compte dans l’application.",
            ),
            Section("Place dans le comité", "body", "function", "protocol_order"),
            Section(
                "Mandat",
                Row("starts_on", "ends_on"),
                help_text="Sans dates, la personne siège à toutes les séances.",
            ),
            Section("Coordonnées", "email", "phone"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error(
                "ends_on", "La fin du mandat précède son début. Corrigez l’une des deux dates."
            )
        if not (cleaned.get("last_name") or cleaned.get("function")) and not (
            {"last_name", "function"} & set(self.errors)
        ):
            self.add_error("last_name", "Indiquez un nom ou, à défaut, une fonction.")
        return cleaned


class MandateEndForm(forms.Form):
    """The last day of a mandate."""

    ends_on = forms.DateField(
        label="Dernier jour du mandat",
        error_messages={"required": "Indiquez le dernier jour du mandat.", "invalid": BAD_DATE},
    )

    def __init__(self, *args: Any, today: date, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"ends_on": today}, **kwargs)
        self.helper = DsfrFormHelper("Terminer le mandat", cancel_url=cancel_url)


class CompositionFileForm(forms.Form):
    """The file to import; what it is, is told by its content once read."""

    file = TableFileField(
        label="Fichier de la composition",
        help_text="ODS, XLSX ou CSV, un membre par ligne, 2 000 lignes au plus.",
    )

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = DsfrFormHelper("Voir ce qui changerait", cancel_url=cancel_url)
