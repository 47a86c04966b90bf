"""Forms of the démarche: card, modules, validation, audits."""

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.selectors import services_to_choose, sites_of
from common.editing import RevisionFormMixin
from common.forms import DsfrFormHelper, Section
from common.search import holding
from modules.enums import AuditKind, Certainty, CycleState
from modules.models import CERTIFICATION_NEEDS_BODY, CycleModule, LabelCycle, Module, PlannedAudit
from modules.selectors import cycles as selectors


def back_to(cycle: LabelCycle) -> str:
    """Return the address of the page of the démarche."""
    return reverse("modules:cycle_detail", args=[cycle.pk])


class CycleValuesForm(RevisionFormMixin, forms.ModelForm):
    """A form of the démarche whose values go to a service; it never saves by itself."""

    def values(self) -> dict[str, Any]:
        """Return the valid values of the visible fields, for the service."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if not self.fields[name].widget.is_hidden
        }

    def lay_out(self, submit: str, cancel_url: str, *sections: Section) -> None:
        """Give the form its button, « Annuler » and its parts."""
        self.helper = DsfrFormHelper(submit, cancel_url=cancel_url)
        if sections:
            self.helper.layout = Layout(*sections)
            self.helper.render_hidden_fields = True


class CycleFilterForm(forms.Form):
    """Filters of the list, for who sees every préfecture."""

    show_optional = False

    q = forms.CharField(label="Préfecture ou démarche", required=False, max_length=100)
    step = forms.ChoiceField(
        label="Étape",
        required=False,
        choices=[
            ("", "Toutes"),
            ("choose", "Choix attendu"),
            ("validate", "Validation attendue"),
            ("validated", "Périmètre validé"),
            ("labelled", "Labellisée"),
        ],
    )

    def apply(self, cycles: QuerySet[Any]) -> QuerySet[Any]:
        """Return the démarches that answer; a filter that makes no sense is ignored."""
        self.is_valid()
        for word in self.cleaned_data.get("q", "").split():
            cycles = cycles.filter(
                holding(word, "prefecture__name", "name") | Q(prefecture__code__iexact=word)
            )
        match self.cleaned_data.get("step"):
            case "choose":
                return cycles.filter(chosen_on__isnull=True, state=CycleState.PREPARATION)
            case "validate":
                return cycles.filter(
                    chosen_on__isnull=False,
                    validated_on__isnull=True,
                    state=CycleState.PREPARATION,
                )
            case "validated":
                return cycles.filter(validated_on__isnull=False)
            case "labelled":
                return cycles.filter(state=CycleState.LABELLED)
        return cycles


class CycleForm(CycleValuesForm):
    """A new démarche."""

    class Meta:
        model = LabelCycle
        fields = ("referential", "name", "started_on", "context")
        labels: ClassVar = {"started_on": "Engagée le", "context": "Pourquoi cette démarche"}
        help_texts: ClassVar = {
            "referential": "Son module obligatoire sera retenu d’office.",
            "name": "Par exemple : Qual-e-Pref 2026",
            "context": "Ce que l’on dira au comité local des usagers : pourquoi ce label, "
            "pourquoi maintenant.",
        }
        widgets: ClassVar = {"context": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, referentials: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["referential"].queryset = referentials  # type: ignore[attr-defined]
        self.lay_out("Ouvrir la démarche", reverse("modules:cycle_list"))


class CycleEditForm(CycleValuesForm):
    """Name, beginning and reasons of a démarche; its référentiel stays, its state has its own acts."""

    class Meta:
        model = LabelCycle
        fields = ("name", "started_on", "context")
        labels = CycleForm.Meta.labels
        help_texts: ClassVar = {"context": CycleForm.Meta.help_texts["context"]}
        widgets = CycleForm.Meta.widgets

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out("Enregistrer la démarche", back_to(self.instance))


class _ModulesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Module) -> str:
        doubt = " (à confirmer)" if obj.certainty is Certainty.TO_CONFIRM else ""
        return f"{obj}{doubt}"


class PrepareModulesForm(CycleValuesForm):
    """The modules that the préfecture proposes to its préfet."""

    class Meta:
        model = LabelCycle
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = selectors.optional_modules(self.instance.referential)
        retained = set(self.instance.cycle_modules.values_list("module_id", flat=True))
        self.fields["modules"] = _ModulesField(
            label="Modules au choix",
            queryset=options,
            required=False,
            initial=[module for module in options if module.pk in retained],
            help_text="« À confirmer » : le numéro ou le titre n’a pas été retrouvé dans un "
            "document officiel.",
            error_messages={
                "invalid_choice": "Un des modules cochés n’est pas dans la liste. Cochez-les à nouveau."
            },
        )
        self.lay_out("Enregistrer la préparation", back_to(self.instance))


class ModulePerimeterForm(forms.Form):
    """The services and sites that a module concerns; none of a kind: all of them."""

    show_optional = False

    services = forms.ModelMultipleChoiceField(
        label="Services concernés",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Aucun coché : tous les services de la préfecture.",
    )
    sites = forms.ModelMultipleChoiceField(
        label="Sites concernés",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Aucun coché : tous les sites.",
    )

    def __init__(self, *args: Any, item: CycleModule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prefecture = item.cycle.prefecture
        rows = {"services": services_to_choose(prefecture), "sites": sites_of(prefecture)}
        for name, queryset in rows.items():
            field: Any = self.fields[name]
            field.queryset = queryset
            self.initial[name] = list(getattr(item, name).order_by("pk"))
        self.helper = DsfrFormHelper("Enregistrer le périmètre", cancel_url=back_to(item.cycle))


class ChooseModulesForm(PrepareModulesForm):
    """The modules that the préfet chooses, and the act: when, who."""

    class Meta:
        model = LabelCycle
        fields = ("chosen_on", "chosen_by_name", "chosen_by_function", "choice_note")
        labels: ClassVar = {
            "chosen_on": "Date du choix",
            "chosen_by_name": "Choix fait par",
            "chosen_by_function": "Fonction",
            "choice_note": "Remarque",
        }
        help_texts: ClassVar = {
            "chosen_by_name": "Par exemple : M. François PESNEAU",
            "chosen_by_function": "Par exemple : préfet de Loir-et-Cher",
        }

    def __init__(self, *args: Any, signer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen_on"].required = True
        self.fields["chosen_by_name"].required = True
        if not self.instance.chosen_by_name:
            self.initial["chosen_by_name"] = signer.full_name
            self.initial["chosen_by_function"] = signer.job_title
        self.lay_out(
            "Enregistrer le choix du préfet",
            back_to(self.instance),
            Section("Modules", "modules"),
            Section(
                "Acte",
                "chosen_on",
                "chosen_by_name",
                "chosen_by_function",
                "choice_note",
                help_text="Le choix est daté et signé ; le ministère valide ensuite le périmètre.",
            ),
        )


class ValidatePerimeterForm(CycleValuesForm):
    """The ministry's validation: when, by whom."""

    class Meta:
        model = LabelCycle
        fields = ("validated_on", "validated_by", "validation_note")
        labels: ClassVar = {
            "validated_on": "Date de la validation",
            "validated_by": "Validé par",
            "validation_note": "Remarque",
        }
        help_texts: ClassVar = {"validated_by": "Par exemple : ministère de l’Intérieur (DMATES)"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["validated_on"].required = True
        self.fields["validated_by"].required = True
        self.lay_out("Valider le périmètre", back_to(self.instance))


class AuditForm(RevisionFormMixin, forms.ModelForm):
    """An audit of the démarche."""

    class Meta:
        model = PlannedAudit
        fields = ("kind", "on", "body", "note")

    def __init__(self, *args: Any, cycle: LabelCycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = "Enregistrer l’audit" if self.instance.pk else "Ajouter l’audit"
        self.helper = DsfrFormHelper(label, cancel_url=back_to(cycle))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == AuditKind.CERTIFICATION and not cleaned.get("body"):
            # The table refuses it too, but cannot say beside which field.
            self.add_error("body", CERTIFICATION_NEEDS_BODY)
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return the valid values for the service."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}
