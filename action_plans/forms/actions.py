"""Forms of the actions: what is said of one, how far it is, why it changes state, many at once."""

from typing import Any, ClassVar

from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError

from accounts.access import Permission, Scope
from action_plans import limits
from action_plans.enums import Priority, Verdict
from action_plans.models import Action
from action_plans.selectors.actions import commitments_to_choose, modules_to_choose, open_cycle
from action_plans.selectors.axes import axes_of
from action_plans.selectors.rights import edits_all, services_for_actions
from action_plans.services.actions import MANY
from action_plans.workflow import TRANSITIONS, Transition
from common.form_tools import keep_to_one_line
from common.forms import DateInput, DsfrFormHelper, Section
from modules.forms.groups import RowForm
from modules.selectors.correspondents import accounts_to_choose


_AREAS = {"problem": 4, "cause": 4, "means": 3}
_FOR_ALL = "is_highlighted"


class ActionForm(RowForm):
    """What is said of an action; its state changes by its own acts."""

    class Meta:
        model = Action
        fields = (
            "title",
            "problem",
            "cause",
            "kind",
            "priority",
            "axis",
            "service",
            "owner",
            "owner_name",
            "owner_email",
            "partners",
            "starts_on",
            "due_on",
            "means",
            "cost",
            "modules",
            "commitments",
            "is_highlighted",
        )
        widgets: ClassVar = {
            **{name: forms.Textarea(attrs={"rows": rows}) for name, rows in _AREAS.items()},
            "starts_on": DateInput,
            "due_on": DateInput,
            "modules": forms.CheckboxSelectMultiple,
            "commitments": forms.CheckboxSelectMultiple,
        }
        labels: ClassVar = {
            "problem": "Problème constaté",
            "cause": "Analyse des causes",
            "kind": "Nature de l’action",
            "service": "Service chargé de l’action",
            "owner": "Responsable",
            "owner_name": "Nom, si cette personne n’a pas de compte",
            "owner_email": "Son courriel",
            "starts_on": "Début",
            "modules": "Modules concernés",
            "commitments": "Engagements concernés",
            "cost": "Coût, en euros",
        }
        help_texts: ClassVar = {
            "title": "Ce qui sera fait, en une ligne. Par exemple : Ajouter des créneaux de "
            "rendez-vous en ligne",
            "problem": "Ce qui ne va pas, avec le chiffre s’il y en a un.",
            "cause": "Pourquoi cela arrive : c’est sur la cause que l’action porte.",
            "partners": "Par exemple : mairie de Blois, France Services",
            "owner_email": "Elle recevra un lien pour tenir l’action à jour.",
            "means": "Personnes, matériel, temps.",
            "cost": "",
        }
        error_messages: ClassVar = {"title": {"required": "Dites en une ligne ce qui sera fait."}}

    def __init__(self, *args: Any, scope: Scope, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        action = self.instance
        cycle = open_cycle(scope)
        fields["axis"].queryset = axes_of(scope)
        fields["axis"].empty_label = "Aucun axe"
        fields["owner"].queryset = accounts_to_choose(action.prefecture)
        fields["owner"].empty_label = "Aucun compte"
        fields["owner"].label_from_instance = lambda account: account.signature_label
        fields["modules"].queryset = modules_to_choose(cycle, action)
        fields["commitments"].queryset = commitments_to_choose(cycle, action)
        self._offer_services(scope)
        if not edits_all(scope):
            del self.fields[_FOR_ALL]
        elif self.instance.pk is None:
            fields[_FOR_ALL].label = "À présenter au comité"
        self.lay_out(
            "Enregistrer l’action" if action.pk else "Ouvrir l’action", cancel_url, *self._parts()
        )

    def _offer_services(self, scope: Scope) -> None:
        field: Any = self.fields["service"]
        field.queryset = services_for_actions(scope)
        field.required = not edits_all(scope)
        field.empty_label = "Choisir un service" if field.required else "Toute la préfecture"
        field.error_messages["required"] = "Choisissez un de vos services."
        if field.required and len(scope.service_ids) == 1 and not self.initial.get("service"):
            self.initial["service"] = next(iter(scope.service_ids))

    def _parts(self) -> list[Section]:
        parts = [
            Section("Action", "title", "kind", "priority", "axis"),
            Section(
                "Pourquoi",
                "problem",
                "cause",
                help_text="Le constat et sa cause : l’auditeur les lira sur la même ligne.",
            ),
            Section("Qui", "service", "owner", "owner_name", "owner_email", "partners"),
            Section("Quand", "starts_on", "due_on"),
            Section("Avec quoi", "means", "cost"),
            Section("Rattachement au référentiel", "modules"),
            Section(
                "Engagements",
                Div("commitments", css_class="qp-checklist", data_checklist="engagement"),
            ),
        ]
        if _FOR_ALL in self.fields:
            parts.append(Section("Comité local des usagers", _FOR_ALL))
        return parts

    # Lists of modules and commitments are compared too when two people edit.
    def _compared_names(self) -> list[str]:
        return [*super()._compared_names(), *(name for name in MANY if name in self.fields)]

    def _stored_value(self, name: str) -> Any:
        if name not in MANY:
            return super()._stored_value(name)
        return frozenset(getattr(self.instance, name).order_by("pk").values_list("pk", flat=True))

    def _changed_since(self, read: int | None) -> list[str]:
        changed = [name for name in super()._changed_since(read) if name not in MANY]
        base = self.instance.history.filter(revision=read).first() if read is not None else None
        for name in MANY:
            field: Any = Action._meta.get_field(name)
            key = f"{field.m2m_reverse_field_name()}_id"
            held = getattr(base, name).order_by("pk").values_list(key, flat=True) if base else ()
            if base is None or frozenset(held) != self._stored[name]:
                changed.append(name)
        return changed

    def _shown(self, name: str, value: Any) -> str:
        if name not in MANY:
            return super()._shown(name, value)
        model: Any = Action._meta.get_field(name).related_model
        names = [f"« {row} »" for row in model.objects.filter(pk__in=value).order_by("pk")]
        return ", ".join(names) or "(vide)"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, due = cleaned.get("starts_on"), cleaned.get("due_on")
        if start and due and due < start:
            self.add_error(
                "due_on", "L’échéance précède le début de l’action. Corrigez l’une des deux dates."
            )
        if cleaned.get("owner") and "owner" in self.changed_data:
            # Another account, the rest untouched: the rest was the former person's.
            for name in {"owner_name", "owner_email"} - set(self.changed_data):
                cleaned[name] = ""
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return the valid values of the fields shown, for the service."""
        return {name: self.cleaned_data[name] for name in self._meta.fields if name in self.fields}


class MoveForm(forms.Form):
    """Why an action changes state."""

    reason = forms.CharField(
        label="Pourquoi",
        max_length=limits.REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi en une phrase."},
    )

    def __init__(
        self, *args: Any, submit: str, cancel_url: str, help_text: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = help_text
        self.helper = DsfrFormHelper(submit, cancel_url=cancel_url)


class ConcludeForm(MoveForm):
    """What the référent concludes on the effect of an action, and why."""

    verdict = forms.ChoiceField(
        label="L’action a-t-elle eu l’effet attendu ?",
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une conclusion : ne pas savoir en est une."},
    )
    field_order = ("verdict", "reason")


class ProgressForm(forms.Form):
    """How far an action is, in percent."""

    progress = forms.IntegerField(
        label="Avancement, en %",
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"step": 5, "inputmode": "numeric"}),
        error_messages={
            "required": "Indiquez l’avancement, de 0 à 100.",
            "invalid": "L’avancement est un nombre entier de 0 à 100.",
            "min_value": "L’avancement va de 0 à 100.",
            "max_value": "L’avancement va de 0 à 100.",
        },
    )


class BulkForm(forms.Form):
    """What changes on the actions chosen; what is left blank does not change."""

    show_optional = False
    PLAIN = ("service", "owner", "axis", "priority", "due_on", "highlighted")

    service = forms.ModelChoiceField(label="Service", queryset=None, required=False)
    owner = forms.ModelChoiceField(label="Responsable", queryset=None, required=False)
    axis = forms.ModelChoiceField(label="Axe", queryset=None, required=False)
    priority = forms.TypedChoiceField(
        label="Priorité",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Ne pas changer"), *Priority.choices],
    )
    due_on = forms.DateField(label="Échéance", required=False, widget=DateInput)
    highlighted = forms.ChoiceField(
        label="À présenter au comité",
        required=False,
        choices=[("", "Ne pas changer"), ("yes", "Oui"), ("no", "Non")],
    )
    code = forms.ChoiceField(label="Changer l’état", required=False)
    reason = forms.CharField(
        label="Pourquoi",
        required=False,
        max_length=limits.REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Nécessaire pour remettre à plus tard, reprendre, conclure ou abandonner.",
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["service"].queryset = services_for_actions(scope)
        fields["owner"].queryset = accounts_to_choose(scope.prefecture)  # type: ignore[arg-type]
        fields["owner"].label_from_instance = lambda account: account.signature_label
        fields["axis"].queryset = axes_of(scope)
        for name in ("service", "owner", "axis"):
            fields[name].empty_label = "Ne pas changer"
        if not edits_all(scope):
            del fields["highlighted"]
        judges = scope.may(Permission.ACTION_JUDGE)
        fields["code"].choices = [
            ("", "Ne pas changer"),
            *(
                (item.code, item.label)
                for item in TRANSITIONS.values()
                if judges or not item.is_judgement
            ),
        ]
        self.helper = DsfrFormHelper("Appliquer aux actions choisies")
        names = [name for name in self.PLAIN if name in fields]
        self.helper.layout = Layout(
            Section("Ce qui change", *names, help_text="Ce qui reste vide ne change pas."),
            Section("État", "code", "reason"),
        )
        # The page opens the form itself: the actions chosen are part of it.
        self.helper.form_tag = False
        self.helper.inputs = []

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.values() and not cleaned.get("code"):
            raise ValidationError("Choisissez ce qui change.")
        transition = TRANSITIONS.get(cleaned.get("code", ""))
        if transition is not None and transition.needs_reason and not cleaned.get("reason"):
            self.add_error("reason", "Dites pourquoi en une phrase.")
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return what changes, by field of an action."""
        given = self.cleaned_data
        values = {
            name: given[name]
            for name in ("service", "owner", "axis", "priority", "due_on")
            if given.get(name) is not None
        }
        if given.get("highlighted"):
            values[_FOR_ALL] = given["highlighted"] == "yes"
        return values


class ViewNameForm(forms.Form):
    """The name of a saved search."""

    name = forms.CharField(
        label="Nom de la vue",
        max_length=80,
        error_messages={"required": "Donnez un nom à la vue."},
    )

    def __init__(self, *args: Any, submit: str, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_to_one_line(self.fields)
        self.helper = DsfrFormHelper(submit, cancel_url=cancel_url)


def reason_help(transition: Transition) -> str:
    """What a good reason says, for each act."""
    return _REASONS.get(transition.code, "")


_REASONS = {
    "postpone": "Ce qui empêche de la mener maintenant, et quand elle reprendra.",
    "resume": "Ce qui reste à faire.",
    "judge_effective": "Ce qui montre l’effet : la mesure, sa valeur avant, sa valeur après.",
    "judge_ineffective": "Ce qui n’a pas changé malgré l’action.",
    "review": "Ce qui oblige à revoir la conclusion.",
    "abandon": "Pourquoi elle ne sera pas menée : l’auditeur le lira.",
}
