"""Forms of « Administration »: accounts, roles, préfectures, services, sites."""

from functools import partial
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.db.models import QuerySet

from accounts.enums import CENTRAL_ROLES, AccountState, Role
from accounts.models import (
    AUDITOR_NEEDS_END,
    PLACE_MATCHES_ROLE,
    Membership,
    Prefecture,
    Service,
    Site,
    User,
)
from common.editing import RevisionFormMixin
from common.forms import DsfrFormHelper, Section
from common.search import holding


class _RecordForm(RevisionFormMixin, forms.ModelForm):
    """A form whose values go to a service; it never saves by itself."""

    def values(self) -> dict[str, Any]:
        """Return the valid values of the model's fields, for the service."""
        return {
            name: self.cleaned_data[name] for name in self._meta.fields if name in self.cleaned_data
        }


class _PrefectureForm(_RecordForm):
    """What a préfecture says of itself; its own référent qualité may change it."""

    class Meta:
        model = Prefecture
        fields = ("brand_block", "address", "city", "phone", "email", "website")
        widgets: ClassVar = {
            "brand_block": forms.Textarea(attrs={"rows": 3}),
            "address": forms.Textarea(attrs={"rows": 3}),
        }
        # « www.loir-et-cher.gouv.fr » typed alone is completed with https, not http.
        field_classes: ClassVar = {"website": partial(forms.URLField, assume_scheme="https")}


_BRAND = Section(
    "Bloc-marque",
    "brand_block",
    help_text="Il figure en tête des pages et des documents.",
)
_CONTACT = Section(
    "Coordonnées",
    "address",
    "city",
    "phone",
    "email",
    "website",
    help_text="Elles sont imprimées dans l’en-tête des documents.",
)


class OwnPrefectureForm(_PrefectureForm):
    """Brand block and contact details."""

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = DsfrFormHelper("Enregistrer la préfecture", cancel_url=cancel_url)
        self.helper.layout = Layout(_BRAND, _CONTACT)
        self.helper.render_hidden_fields = True


class PrefectureForm(_PrefectureForm):
    """Everything: for who creates préfectures in this installation."""

    class Meta(_PrefectureForm.Meta):
        fields = ("name", "of_name", "code", "slug", "territory", *_PrefectureForm.Meta.fields)
        help_texts: ClassVar = {
            "code": "Par exemple : 41, 2A ou 974",
            "slug": "Minuscules, chiffres et tirets, par exemple : loir-et-cher",
            "territory": "Il fixe les jours fériés dans le calcul des délais.",
        }

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = "Enregistrer la préfecture" if self.instance.pk else "Créer la préfecture"
        self.helper = DsfrFormHelper(label, cancel_url=cancel_url)
        self.helper.layout = Layout(
            Section("Identité", "name", "of_name", "code", "slug", "territory"),
            _BRAND,
            _CONTACT,
        )
        self.helper.render_hidden_fields = True


class ServiceForm(_RecordForm):
    """A service of one préfecture."""

    class Meta:
        model = Service
        fields = ("name", "acronym", "site")
        help_texts: ClassVar = {
            "name": "Par exemple : Bureau des migrations et de l’intégration",
            "acronym": "Par exemple : BMI",
        }

    def __init__(self, *args: Any, sites: QuerySet[Any], cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site = self.fields["site"]
        site.queryset = sites  # type: ignore[attr-defined]
        site.empty_label = "Aucun site en particulier"  # type: ignore[attr-defined]
        label = "Enregistrer le service" if self.instance.pk else "Ajouter le service"
        self.helper = DsfrFormHelper(label, cancel_url=cancel_url)


class SiteForm(_RecordForm):
    """A site of one préfecture."""

    class Meta:
        model = Site
        fields = ("name", "address")
        widgets: ClassVar = {"address": forms.Textarea(attrs={"rows": 3})}
        help_texts: ClassVar = {"name": "Par exemple : Hôtel de la préfecture, Blois"}

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = "Enregistrer le site" if self.instance.pk else "Ajouter le site"
        self.helper = DsfrFormHelper(label, cancel_url=cancel_url)


class UserForm(_RecordForm):
    """Who somebody is. No password here: its owner chooses it by the invitation's link."""

    class Meta:
        model = User
        fields = ("civility", "first_name", "last_name", "job_title", "email")
        help_texts: ClassVar = {
            "job_title": "Telle qu’elle s’imprime après le nom, par exemple : référente qualité",
            "email": "Elle sert à se connecter.",
        }
        error_messages: ClassVar = {
            "email": {
                "unique": "Un compte existe déjà avec cette adresse. Cherchez-le dans la liste."
            }
        }

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = "Enregistrer le compte" if self.instance.pk else "Créer le compte et inviter"
        self.helper = DsfrFormHelper(label, cancel_url=cancel_url)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class UserFilterForm(forms.Form):
    """Filters of the list of accounts."""

    show_optional = False

    q = forms.CharField(label="Nom ou adresse", required=False, max_length=100)
    state = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *AccountState.choices]
    )
    role = forms.ChoiceField(label="Rôle", required=False, choices=[("", "Tous"), *Role.choices])

    def apply(self, users: QuerySet[Any]) -> QuerySet[Any]:
        """Return the accounts that answer every filter; a filter that makes no sense is ignored."""
        self.is_valid()
        query = self.cleaned_data.get("q", "")
        users = users.filter(holding(query, "last_name", "first_name", "email"))
        if role := self.cleaned_data.get("role"):
            users = users.filter(memberships__role=role).distinct()
        if state := self.cleaned_data.get("state"):
            users = users.in_state(AccountState(state))
        return users


class _RoleForm(_RecordForm):
    """A role. The table refuses the same mistakes, but cannot say beside which field."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        role = cleaned.get("role")
        if role == Role.AUDITOR and "ends_on" not in self.errors and not cleaned.get("ends_on"):
            self.add_error("ends_on", AUDITOR_NEEDS_END)
        place = cleaned.get("prefecture", self.instance.prefecture)
        if role and (role in CENTRAL_ROLES) != (place is None):
            self.add_error(
                "prefecture" if "prefecture" in self.fields else "role", PLACE_MATCHES_ROLE
            )
        return cleaned


class MembershipForm(_RoleForm):
    """A new role: which, where and until when. Its services are chosen once the place is known."""

    class Meta:
        model = Membership
        fields = ("role", "prefecture", "starts_on", "ends_on")
        help_texts: ClassVar = {
            "prefecture": "Laissez vide pour le ministère et l’administrateur technique.",
            "starts_on": "Sans date, le rôle vaut dès maintenant.",
            "ends_on": "Obligatoire pour un auditeur. Le rôle vaut encore ce jour-là.",
        }

    def __init__(self, *args: Any, prefectures: QuerySet[Any], cancel_url: str, **kw: Any) -> None:
        super().__init__(*args, **kw)
        field = self.fields["prefecture"]
        field.queryset = prefectures  # type: ignore[attr-defined]
        field.empty_label = "Aucune (rôle national)"  # type: ignore[attr-defined]
        self.helper = DsfrFormHelper("Donner le rôle", cancel_url=cancel_url)


class MembershipEditForm(_RoleForm):
    """A role already given: its services and its dates; the préfecture stays."""

    class Meta:
        model = Membership
        fields = ("role", "services", "starts_on", "ends_on")
        widgets: ClassVar = {"services": forms.CheckboxSelectMultiple}
        labels: ClassVar = {"services": "Services"}
        help_texts: ClassVar = {
            "services": "Ceux pour lesquels la personne agit ; aucun vaut pour la préfecture.",
            "ends_on": "Obligatoire pour un auditeur. Le rôle vaut encore ce jour-là.",
        }

    def __init__(self, *args: Any, services: QuerySet[Any], cancel_url: str, **kw: Any) -> None:
        super().__init__(*args, **kw)
        if services:
            self.fields["services"].queryset = services  # type: ignore[attr-defined]
        else:
            del self.fields["services"]
        self.helper = DsfrFormHelper("Enregistrer le rôle", cancel_url=cancel_url)
