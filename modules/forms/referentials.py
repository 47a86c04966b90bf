"""Forms of the référentiels."""

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.db.models import QuerySet

from common.editing import RevisionFormMixin
from common.forms import DsfrFormHelper, Section
from common.search import holding
from modules import limits
from modules.enums import Certainty
from modules.models import Commitment, Heading, Module


class CommitmentFilterForm(forms.Form):
    """Search among the commitments of a référentiel."""

    show_optional = False

    q = forms.CharField(label="Mot ou code", required=False, max_length=100)
    certainty = forms.ChoiceField(
        label="Certitude", required=False, choices=[("", "Toutes"), *Certainty.choices]
    )

    def apply(self, commitments: QuerySet[Any]) -> QuerySet[Any]:
        """Return the commitments that answer; a filter that makes no sense is ignored."""
        self.is_valid()
        query = self.cleaned_data.get("q", "")
        commitments = commitments.filter(
            holding(query, "code", "wording", "evidence", "heading__title")
        )
        if certainty := self.cleaned_data.get("certainty"):
            commitments = commitments.filter(certainty=certainty)
        return commitments


class _SourcedForm(RevisionFormMixin, forms.ModelForm):
    """Correct what is « à confirmer » on a row, with the document that permits it."""

    correction_source = forms.CharField(
        label="Source de la correction",
        max_length=limits.LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Le document qui permet de corriger : titre, date, page, adresse.",
    )

    def lay_out(self, cancel_url: str, *sections: Section) -> None:
        """Draw these sections, then the source."""
        self.helper = DsfrFormHelper("Enregistrer la correction", cancel_url=cancel_url)
        self.helper.layout = Layout(*sections, Section("Source", "correction_source"))
        self.helper.render_hidden_fields = True

    def values(self) -> dict[str, Any]:
        """Return the valid values for the service."""
        values = {name: self.cleaned_data[name] for name in self._meta.fields}
        return {**values, "source": self.cleaned_data["correction_source"]}


class CorrectionForm(_SourcedForm):
    """Correct what is « à confirmer » on a commitment; what is sourced is shown and locked."""

    class Meta:
        model = Commitment
        fields = ("wording", "certainty", "evidence", "audit", "evidence_certainty")
        help_texts: ClassVar = {
            "certainty": "« Sourcé » est définitif : l’énoncé ne pourra plus être corrigé.",
            "evidence_certainty": "Vaut pour les preuves et pour la manière d’auditer. « Sourcé » est "
            "définitif.",
        }
        widgets: ClassVar = {
            "wording": forms.Textarea(attrs={"rows": 4}),
            "evidence": forms.Textarea(attrs={"rows": 3}),
            "audit": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wording, evidence = ("wording", "certainty"), ("evidence", "audit", "evidence_certainty")
        self.fields["evidence_certainty"].required = False
        for name in wording:
            self.fields[name].disabled = not self.instance.is_wording_open
        for name in evidence:
            self.fields[name].disabled = not self.instance.is_evidence_open
        self.lay_out(
            cancel_url, Section("Énoncé", *wording), Section("Preuves et audit", *evidence)
        )


class ModuleCorrectionForm(_SourcedForm):
    """Correct the number or the title « à confirmer » of a module."""

    class Meta:
        model = Module
        fields = ("number", "number_certainty", "title", "title_certainty")
        help_texts: ClassVar = {
            "number_certainty": "« Sourcé » est définitif : le numéro ne pourra plus être corrigé.",
            "title_certainty": "« Sourcé » est définitif : le titre ne pourra plus être corrigé.",
        }

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for names, is_open in (
            (("number", "number_certainty"), self.instance.is_number_open),
            (("title", "title_certainty"), self.instance.is_title_open),
        ):
            for name in names:
                self.fields[name].disabled = not is_open
        self.lay_out(
            cancel_url,
            Section("Numéro", "number", "number_certainty"),
            Section("Titre", "title", "title_certainty"),
        )


class HeadingCorrectionForm(_SourcedForm):
    """Correct the title « à confirmer » of a rubrique."""

    class Meta:
        model = Heading
        fields = ("title", "certainty")
        help_texts: ClassVar = {
            "certainty": "« Sourcé » est définitif : le titre ne pourra plus être corrigé."
        }

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out(cancel_url, Section("Titre", "title", "certainty"))
