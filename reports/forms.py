"""Filters of the list, and the two questions of the public verification page."""

import hashlib
from typing import Any

from django import forms
from django.conf import settings

from accounts.access import Scope
from reports.enums import DocumentState
from reports.models import DocumentQuerySet
from reports.registry import readable_kinds
from reports.verification import normalise_code
from reports.wording import size_in_words


class DocumentFilterForm(forms.Form):
    """Kind and state, in the address of the list."""

    show_optional = False

    kind = forms.ChoiceField(label="Nature", required=False)
    state = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *DocumentState.choices]
    )

    def __init__(self, data: Any, *, scope: Scope) -> None:
        super().__init__(data)
        kinds = [(kind.code, kind.label) for kind in readable_kinds(scope)]
        self.fields["kind"].choices = [("", "Toutes"), *kinds]  # type: ignore[attr-defined]

    def apply(self, documents: DocumentQuerySet) -> DocumentQuerySet:
        """Keep what was asked for; an unknown value in the address filters nothing."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return documents.filter(**asked)


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code de vérification",
        max_length=40,
        help_text="Imprimé sur la dernière page du document. Format attendu : ABCD-EFGH-JKMN.",
        error_messages={"required": "Saisissez le code imprimé sur la dernière page du document."},
    )
    code.widget.attrs["autocomplete"] = "off"

    def clean_code(self) -> str:
        code = normalise_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(self.fields["code"].error_messages["required"])
        return code


class FileForm(forms.Form):
    """A file whose SHA-256 is compared; it is read once and never kept."""

    file = forms.FileField(
        label="Fichier reçu",
        error_messages={
            "required": "Choisissez le fichier à vérifier.",
            "empty": "Ce fichier est vide : il s’est perdu en route. Demandez qu’on vous le renvoie.",
        },
    )
    file.widget.attrs["accept"] = ".pdf,.ods,.xlsx,.zip"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = (
            f"Taille maximale : {size_in_words(settings.MAX_UPLOAD_BYTES)}. "
            "Le fichier est comparé puis oublié : il n’est pas conservé."
        )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_UPLOAD_BYTES:
            raise forms.ValidationError(
                f"Ce fichier pèse {size_in_words(file.size)} ; la limite est de "
                f"{size_in_words(settings.MAX_UPLOAD_BYTES)}. Les documents produits par le "
                "service sont plus légers : vérifiez que c’est bien celui que vous avez reçu."
            )
        return file

    def sha256(self) -> str:
        """Return the fingerprint of the valid file, read by pieces."""
        digest = hashlib.sha256()
        for chunk in self.cleaned_data["file"].chunks():
            digest.update(chunk)
        return digest.hexdigest()
