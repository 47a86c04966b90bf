"""An item of the agenda."""

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms

from common.editing import RevisionFormMixin
from common.forms import DsfrFormHelper, Section
from meetings.models import AgendaItem, Meeting
from meetings.selectors.agenda import parent_choices
from reports.registry import section_choices


class AgendaItemForm(RevisionFormMixin, forms.ModelForm):
    """Title, place in the tree, presenter, what is expected, data to insert."""

    parent = forms.ModelChoiceField(
        AgendaItem.objects.none(),
        label="Sous le point",
        required=False,
        help_text="L’ordre du jour compte au plus trois niveaux.",
        error_messages={
            "invalid_choice": "Ce point ne peut pas en porter d’autre. Choisissez-en un de la liste."
        },
    )
    section = forms.ChoiceField(
        label="Données à insérer",
        required=False,
        help_text="Données de l’application placées sous ce point, figées à la signature.",
    )

    class Meta:
        model = AgendaItem
        fields = ("title", "parent", "presenter", "expects_opinion", "section")
        error_messages: ClassVar = {"title": {"required": "Donnez un intitulé à ce point."}}

    def __init__(self, *args: Any, meeting: Meeting, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.instance if self.instance.pk else None
        parents = parent_choices(meeting, own)
        self.fields["parent"].queryset = meeting.agenda_items.filter(pk__in=dict(parents))
        # In reading order and numbered, which a queryset cannot do.
        self.fields["parent"].choices = [("", "Aucun : premier niveau"), *parents]
        self.fields["section"].choices = [("", "Aucune"), *self._sections()]
        words = "Enregistrer ce point" if own else "Ajouter ce point"
        self.helper = DsfrFormHelper(words, cancel_url=cancel_url)
        self.helper.render_hidden_fields = True
        self.helper.layout = Layout(
            Section("Le point", "title", "parent", "presenter"),
            Section("Ce qui est attendu", "expects_opinion", "section"),
        )

    def _sections(self) -> list[tuple[str, str]]:
        """Return the declared data; what the item already announces stays, even undeclared since."""
        known = section_choices()
        code = self.instance.section
        if code and code not in dict(known):
            known = [*known, (code, f"{code} (n’existe plus)")]
        return known
