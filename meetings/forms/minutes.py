"""Questions, opinions, decisions; reasons and signatures."""

from datetime import date
from typing import Any

from crispy_forms.layout import Layout
from django import forms

from accounts.models import User
from common.editing import RevisionFormMixin
from common.form_tools import keep_to_one_line
from common.forms import DateInput, DsfrFormHelper, Section
from common.markdown import clean_pasted_text
from meetings.forms.dates import BAD_DATE, plausible_day
from meetings.models import Decision, Meeting, Minutes, Opinion, Question
from meetings.selectors.minutes import Speaker, item_choices, speakers


NO_ITEM = "Aucun point en particulier"
SOMEBODY_ELSE = ("autre", "Une autre personne, à saisir ci-dessous")


class MinutesRowForm(RevisionFormMixin, forms.ModelForm):
    """What the three kinds of rows share: the agenda item, long texts cleaned of their paste."""

    submit_label = "Enregistrer"

    def __init__(self, *args: Any, meeting: Meeting, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.fields["item"].choices = [("", NO_ITEM), *item_choices(meeting)]
        self.fields["item"].queryset = meeting.agenda_items.kept()
        self.helper = DsfrFormHelper(self.submit_label, cancel_url)
        self.helper.render_hidden_fields = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.Textarea) and cleaned.get(name):
                cleaned[name] = clean_pasted_text(cleaned[name])
        return cleaned


class QuestionForm(MinutesRowForm):
    """Who asked, of which body; who answered. People come from the lists, or are typed."""

    submit_label = "Enregistrer la question"
    asker_choice = forms.ChoiceField(
        label="Question posée par",
        error_messages={
            "required": "On ne sait pas qui pose la question. Choisissez une personne de la liste, "
            "ou « Une autre personne » et saisissez son nom."
        },
    )
    answerer_choice = forms.ChoiceField(label="Réponse donnée par", required=False)

    class Meta:
        model = Question
        fields = ("item", "asker_name", "asker_body", "text", "answerer_name", "answer")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "answer": forms.Textarea(attrs={"rows": 8}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoke = (self.instance.asker_id, self.instance.answerer_id)
        self._speakers = speakers(self.meeting, also=[pk for pk in spoke if pk is not None])
        people = [*_grouped(self._speakers), SOMEBODY_ELSE]
        for name, nobody in (("asker", "Choisir une personne"), ("answerer", "Non précisé")):
            field = self.fields[f"{name}_choice"]
            field.choices = [("", nobody), *people]
            field.initial = self._chosen(name)
            self.fields[f"{name}_name"].label = "Nom, si la personne n’est pas dans la liste"
        self.helper.layout = Layout(
            Section(
                "Question",
                "asker_choice",
                "asker_name",
                "asker_body",
                "text",
                "item",
            ),
            Section("Réponse", "answerer_choice", "answerer_name", "answer"),
        )

    def _compared_names(self) -> list[str]:
        return [*super()._compared_names(), "asker", "answerer"]

    def _label(self, name: str) -> str:
        return super()._label(f"{name}_choice" if name in ("asker", "answerer") else name)

    def _chosen(self, name: str) -> str:
        """Return the choice that stands for who is stored."""
        member_pk = getattr(self.instance, f"{name}_id")
        typed = getattr(self.instance, f"{name}_name")
        for speaker in self._speakers:
            if speaker.member_pk == member_pk if member_pk else typed and speaker.name == typed:
                return speaker.code
        return SOMEBODY_ELSE[0] if typed else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("asker", "answerer"):
            self._settle(name, cleaned)
        return cleaned

    def _settle(self, name: str, cleaned: dict[str, Any]) -> None:
        """Turn the choice into a member, or into a name and a body."""
        code = cleaned.get(f"{name}_choice")
        speaker = next((item for item in self._speakers if item.code == code), None)
        setattr(self.instance, f"{name}_id", speaker.member_pk if speaker else None)
        if speaker is not None:
            cleaned[f"{name}_name"] = "" if speaker.member_pk else speaker.name
        elif code == SOMEBODY_ELSE[0] and not cleaned.get(f"{name}_name"):
            self.add_error(f"{name}_name", "Saisissez le nom de cette personne.")
        if speaker is not None and name == "asker":
            cleaned["asker_body"] = "" if speaker.member_pk else speaker.organisation

    def validate_constraints(self) -> None:
        """The constraint on the asker is said by ``clean``, beside the field that mends it."""


class OpinionForm(MinutesRowForm):
    """Opinion on a document submitted to the committee."""

    submit_label = "Enregistrer l’avis"

    class Meta:
        model = Opinion
        fields = ("item", "document_title", "verdict", "comment")
        widgets = {"comment": forms.Textarea(attrs={"rows": 4}), "verdict": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["verdict"]
        field.choices = [choice for choice in field.choices if choice[0]]
        self.fields["document_title"].help_text = "Par exemple « Courriels types de réponse »."


class DecisionForm(MinutesRowForm):
    """What was decided, who does it, by when."""

    submit_label = "Enregistrer la décision"

    class Meta:
        model = Decision
        fields = ("item", "text", "owner", "due_on")
        widgets = {"text": forms.Textarea(attrs={"rows": 4}), "due_on": DateInput}
        error_messages = {"due_on": {"invalid": BAD_DATE}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].help_text = "Personne ou service qui s’en charge."

    def clean_due_on(self) -> date | None:
        return plausible_day(self.cleaned_data["due_on"])


def _grouped(people: list[Speaker]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for speaker in people:
        groups.setdefault(speaker.group, []).append((speaker.code, speaker.label))
    return list(groups.items())


# --- Acts of the workflow ---------------------------------------------------------------------


class ReasonForm(forms.Form):
    """Why the minutes are sent back."""

    reason = forms.CharField(
        label="Motif du renvoi",
        max_length=Minutes._meta.get_field("sent_back_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dites ce qui est à reprendre : la personne qui rédige le lira en tête de page.",
        error_messages={"required": "Dites ce qui est à reprendre, puis renvoyez."},
    )


class CorrectionForm(forms.Form):
    """Why a validated version is replaced; printed on the first page of the next one."""

    correction_reason = forms.CharField(
        label="Motif de la correction",
        max_length=Minutes._meta.get_field("correction_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Imprimé sur la première page de la nouvelle version.",
        error_messages={
            "required": "Dites pourquoi vous corrigez : le motif est imprimé sur la première page."
        },
    )


class SignatureForm(forms.Form):
    """Name, function and delegation of whoever sees or signs, filled from the account."""

    name = forms.CharField(
        label="Nom du signataire",
        max_length=200,
        error_messages={"required": "Indiquez le nom qui sera imprimé."},
    )
    function = forms.CharField(
        label="Fonction",
        max_length=200,
        error_messages={"required": "Indiquez la fonction qui sera imprimée."},
    )
    delegation = forms.CharField(
        label="Délégation",
        max_length=300,
        required=False,
        help_text="Si vous signez pour une autre autorité : « Par délégation du préfet, arrêté "
        "n° … du … ».",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        initial = {"name": user.full_name, "function": user.job_title}
        super().__init__(*args, initial=initial, **kwargs)
        keep_to_one_line(self.fields)
