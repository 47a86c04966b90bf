"""Forms of the account pages: sign in, passwords, choice of a role."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from common.forms import DsfrFormHelper


class LoginForm(AuthenticationForm):
    """E-mail and password. One answer for every failure: it must not tell which accounts exist."""

    username = forms.CharField(
        label="Adresse électronique professionnelle",
        help_text="Format attendu : prenom.nom@exemple.fr",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={"required": "Saisissez votre adresse électronique."},
    )
    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Saisissez votre mot de passe."},
    )
    error_messages: ClassVar = {
        "invalid_login": "L’adresse ou le mot de passe ne convient pas. Vérifiez les deux (les "
        "majuscules comptent dans le mot de passe) ou demandez un nouveau mot de passe.",
        # Closed accounts are not told apart from unknown ones.
        "inactive": "L’adresse ou le mot de passe ne convient pas.",
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.helper = DsfrFormHelper("Se connecter")

    def clean_username(self) -> str:
        # One spelling per account: otherwise the lock-out would count each spelling apart.
        return str(self.cleaned_data["username"]).strip().lower()


class PasswordResetForm(forms.Form):
    """The address to which the link is sent."""

    email = forms.EmailField(
        label="Adresse électronique professionnelle",
        max_length=254,
        help_text="Celle avec laquelle vous vous connectez.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = DsfrFormHelper("Recevoir le lien", cancel_url=reverse("accounts:login"))


def _new_password_fields() -> dict[str, forms.CharField]:
    attrs = {"autocomplete": "new-password"}
    return {
        "new_password1": forms.CharField(
            label="Nouveau mot de passe",
            strip=False,
            widget=forms.PasswordInput(attrs=attrs),
            help_text=" ".join(password_validators_help_texts()),
        ),
        "new_password2": forms.CharField(
            label="Nouveau mot de passe, une seconde fois",
            strip=False,
            widget=forms.PasswordInput(attrs=attrs),
        ),
    }


class NewPasswordForm(SetPasswordForm):
    """A first or a forgotten password: no old one is asked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(_new_password_fields())
        self.helper = DsfrFormHelper("Enregistrer le mot de passe")


class ChangePasswordForm(PasswordChangeForm):
    """The old password, then the new one."""

    error_messages: ClassVar = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "Ce n’est pas votre mot de passe actuel. Saisissez-le de nouveau.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(_new_password_fields())
        self.fields["old_password"].label = "Mot de passe actuel"
        self.helper = DsfrFormHelper(
            "Changer le mot de passe", cancel_url=reverse("accounts:profile")
        )


class SwitchRoleForm(forms.Form):
    """Under which of one's roles to act."""

    def __init__(self, *args: Any, held: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"] = forms.ModelChoiceField(
            label="J’agis en tant que",
            queryset=held,
            empty_label=None,
            widget=forms.RadioSelect,
            error_messages={
                "required": "Choisissez un rôle.",
                "invalid_choice": "Ce rôle n’est pas ou plus le vôtre. Choisissez-en un autre.",
            },
        )
        self.helper = DsfrFormHelper("Changer de rôle")
        self.helper.form_action = reverse("accounts:switch_role")
