"""The developers' catalogue: each component and each kind of field, with its errors."""

from datetime import UTC, date, datetime
from typing import Any

from crispy_forms.layout import Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from common.catalogue_charts import figures, spark_values
from common.enums import Tone
from common.forms import DsfrFormHelper, Section
from common.gates import public
from common.history import HistoryEntry


_ROLES = [("presidente", "Présidente"), ("secretaire", "Secrétaire"), ("membre", "Membre")]
_BODIES = [
    ("", "Choisissez un organisme"),
    ("Associations", [("ufc", "UFC – Que choisir"), ("udaf", "UDAF")]),
    ("Chambres", [("cci", "Chambre de commerce et d’industrie")]),
]


class CatalogueForm(forms.Form):
    """Every kind of field that the pack draws; a plain form, as any app would write it."""

    name = forms.CharField(label="Intitulé", max_length=120, help_text="En quelques mots.")
    email = forms.EmailField(label="Courriel", required=False)
    seats = forms.IntegerField(label="Nombre de sièges", min_value=0, max_value=50)
    held_on = forms.DateField(label="Date", help_text="Par exemple : 13/07/2022")
    starts_at = forms.TimeField(label="Début")
    ends_at = forms.TimeField(label="Fin", required=False)
    body = forms.ChoiceField(label="Organisme", choices=_BODIES)
    services = forms.MultipleChoiceField(label="Services", choices=_ROLES, required=False)
    role = forms.ChoiceField(
        label="Rôle", choices=_ROLES, widget=forms.RadioSelect, help_text="Un seul par personne."
    )
    duties = forms.MultipleChoiceField(
        label="Charges", choices=_ROLES, widget=forms.CheckboxSelectMultiple
    )
    notes = forms.CharField(label="Observations", widget=forms.Textarea, required=False)
    sheet = forms.FileField(label="Feuille d’émargement", help_text="PDF, 10 Mo au plus.")
    password = forms.CharField(label="Mot de passe", widget=forms.PasswordInput)
    agreed = forms.BooleanField(label="J’ai relu le compte rendu")
    reminder = forms.BooleanField(label="M’envoyer un rappel", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = DsfrFormHelper("Enregistrer la séance", cancel_url="#contenu")
        self.helper.layout = Layout(
            Section("La séance", "name", Row("held_on", "starts_at", "ends_at"), "seats"),
            Section(
                "Les personnes",
                *("email", "body", "services", "role", "duties"),
                help_text="Elles n’ont pas besoin d’un compte.",
            ),
            Section("Le reste", "notes", "sheet", "password", "agreed", "reminder"),
            "token",
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            raise ValidationError("La fin de la séance précède son début. Corrigez l’une des deux.")
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@public("developers' page without any data, absent from production")
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show the catalogue; sending its form, even blank, shows the errors. Nothing is kept."""
    form = CatalogueForm(request.POST, request.FILES) if request.method == "POST" else None
    return render(request, "common/catalogue.html", {"form": form or CatalogueForm()} | samples())


def samples() -> dict[str, Any]:
    """Return the values shown by the components; invented, and in no database."""
    labels = ("Préparer", "Convoquer", "Tenir", "Rédiger", "Valider", "Diffuser")
    states = ("done", "done", "done", "current", "todo", "todo")
    rows = [
        ("CLU de Loir-et-Cher", date(2022, 7, 13), 31, Tone.GOOD),
        ("COPIL", None, 0, Tone.DRAFT),
    ]
    return {
        "tones": list(Tone),
        "facts": [
            ("Date", date(2022, 7, 13)),
            ("Présidence", "Mme Pascale SILBERMANN, sous-préfète, référente qualité"),
            ("Présents", 9),
            ("Lieu", ""),
        ],
        "steps": [
            {"label": label, "state": state} for label, state in zip(labels, states, strict=True)
        ],
        "tabs": [
            {"label": "Vue d’ensemble", "url": "#", "is_current": True},
            {"label": "Ordre du jour", "url": "#", "is_current": False},
            {"label": "Présences", "url": "#", "is_current": False},
        ],
        "rows": rows,
        "page": Paginator(range(200), 10).page(4),
        "figures": figures(),
        "spark_values": spark_values(),
        "entries": [
            HistoryEntry(
                datetime(2022, 7, 13, 14, 30, tzinfo=UTC),
                "Mme Pascale SILBERMANN",
                "Mme Pascale SILBERMANN a modifié la séance",
                ("Début : 14 h → 14 h 30", "Lieu : vide → « Salle Kléber-Loustau »"),
            ),
            HistoryEntry(
                datetime(2022, 7, 1, 8, 0, tzinfo=UTC),
                "L’application",
                "L’application a créé la séance",
            ),
        ],
    }
