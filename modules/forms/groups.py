"""Forms of the correspondants, of the working groups and of their members."""

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse

from accounts.selectors import services_to_choose
from common.editing import RevisionFormMixin
from common.forms import DsfrFormHelper, Section
from modules.models import Correspondent, GroupMember, LabelCycle, WorkingGroup
from modules.selectors.correspondents import accounts_to_choose


def groups_url(cycle: LabelCycle) -> str:
    """Return the address of the tab « Groupes et livrables »."""
    return reverse("modules:group_list", args=[cycle.pk])


class RowForm(RevisionFormMixin, forms.ModelForm):
    """A form whose values go to a service; it never saves by itself."""

    def values(self) -> dict[str, Any]:
        """Return the valid values of the model's fields, for the service."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    def lay_out(self, submit: str, cancel_url: str, *sections: Section) -> None:
        self.helper = DsfrFormHelper(submit, cancel_url=cancel_url)
        if sections:
            self.helper.layout = Layout(*sections)
            self.helper.render_hidden_fields = True


class _PersonForm(RowForm):
    """Somebody with an account, or known by name only."""

    def offer_people(self, cycle: LabelCycle) -> None:
        """Fill the lists of accounts and of services with those of the préfecture."""
        user: Any = self.fields["user"]
        user.queryset = accounts_to_choose(cycle.prefecture)
        user.empty_label = "Aucun compte"
        user.label_from_instance = lambda account: account.signature_label
        service: Any = self.fields["service"]
        service.queryset = services_to_choose(cycle.prefecture)
        self.fields["name"].required = False
        self.fields[
            "name"
        ].help_text = "Laissez vide pour prendre le nom et la fonction du compte choisi."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("user") and not cleaned.get("name") and "user" not in self.errors:
            self.add_error("name", "Choisissez un compte, ou saisissez un nom.")
        if cleaned.get("user") and "user" in self.changed_data:
            # Another account, the rest untouched: the rest was the former one's.
            for name in {"name", "function", "email"} & set(cleaned) - set(self.changed_data):
                cleaned[name] = ""
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # A blank name is filled from the account by the service, which then checks the row.
        return {*super()._get_validation_exclusions(), "name"}


class CorrespondentForm(_PersonForm):
    """Who answers for a service."""

    class Meta:
        model = Correspondent
        fields = ("service", "user", "name", "function", "email", "named_on", "is_deputy")
        labels: ClassVar = {"is_deputy": "Suppléant ou suppléante"}
        error_messages: ClassVar = {"service": {"required": "Choisissez le service."}}

    def __init__(self, *args: Any, cycle: LabelCycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_people(cycle)
        self.fields["service"].empty_label = "Choisir un service"  # type: ignore[attr-defined]
        self.lay_out(
            "Enregistrer le correspondant" if self.instance.pk else "Nommer le correspondant",
            groups_url(cycle),
            Section("Service", "service", "is_deputy", "named_on"),
            Section(
                "Personne",
                "user",
                "name",
                "function",
                "email",
                help_text="Avec un compte, elle peut remplir l’auto-diagnostic de son service.",
            ),
        )


class GroupForm(RowForm):
    """A working group."""

    class Meta:
        model = WorkingGroup
        fields = ("name", "theme", "mission")
        help_texts: ClassVar = {"name": "Par exemple : Accueil du public"}
        widgets: ClassVar = {"mission": forms.Textarea(attrs={"rows": 6})}
        error_messages: ClassVar = {"name": {"required": "Donnez un nom au groupe."}}

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = "Enregistrer le groupe" if self.instance.pk else "Former le groupe"
        self.lay_out(label, cancel_url)


class MemberForm(_PersonForm):
    """Somebody in a working group."""

    class Meta:
        model = GroupMember
        fields = ("user", "name", "function", "service", "is_pilot")
        labels: ClassVar = {"is_pilot": "Pilote du groupe"}

    def __init__(self, *args: Any, group: WorkingGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_people(group.cycle)
        self.fields["service"].empty_label = "Aucun service"  # type: ignore[attr-defined]
        self.lay_out(
            "Enregistrer le membre" if self.instance.pk else "Ajouter le membre",
            reverse("modules:group_detail", args=[group.pk]),
        )
