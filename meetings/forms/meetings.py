"""The facts of a meeting: date, hours, place, people."""

from datetime import date
from typing import Any, ClassVar

from crispy_forms.layout import Layout, Row
from django import forms
from django.db.models import Q

from common.editing import RevisionFormMixin
from common.forms import DsfrFormHelper, Section
from common.typography import date_in_words
from meetings.forms.dates import BAD_DATE, plausible_day
from meetings.models import Committee, Meeting, Member
from meetings.selectors.meetings import chair_choices, secretary_choices


BAD_TIME = "Cette heure n’existe pas. Indiquez-la ainsi : 14:30."


class ChairField(forms.ModelChoiceField):
    """Members named with their body: « M. BLOT, défenseur des droits (Délégué…) »."""

    def label_from_instance(self, obj: Member) -> str:
        return f"{obj.label} ({obj.body.name})"


class MeetingForm(RevisionFormMixin, forms.ModelForm):
    """Facts of a meeting; the chair holds a mandate on its day."""

    chair = ChairField(
        Member.objects.none(),
        label="Présidence",
        required=False,
        empty_label="Choisir un membre",
        help_text="Un membre du comité dont le mandat couvre le jour de la séance.",
    )

    class Meta:
        model = Meeting
        fields = (
            "title",
            "held_on",
            "date_note",
            "starts_at",
            "ends_at",
            "place",
            "chair",
            "secretary",
            "convened_on",
        )
        error_messages: ClassVar = {
            "title": {"required": "Donnez un titre à la séance."},
            "held_on": {"invalid": BAD_DATE},
            "convened_on": {"invalid": BAD_DATE},
            "starts_at": {"invalid": BAD_TIME},
            "ends_at": {"invalid": BAD_TIME},
        }
        help_texts: ClassVar = {
            "secretary": "Son compte pourra rédiger le compte rendu de cette séance.",
            "convened_on": "Date d’envoi de l’ordre du jour aux membres.",
        }

    def __init__(
        self, *args: Any, committee: Committee, today: date, cancel_url: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.committee = committee
        self.fields["chair"].queryset = chair_choices(committee, self.instance)
        self.fields["secretary"].queryset = secretary_choices(
            committee.prefecture, self.instance, today
        )
        self.fields["secretary"].empty_label = "Choisir un compte"
        is_new = self.instance.pk is None
        words = "Créer la séance" if is_new else "Enregistrer la séance"
        self.helper = DsfrFormHelper(words, cancel_url=cancel_url)
        self.helper.render_hidden_fields = True
        self.helper.layout = Layout(
            Section(
                "Quand et où",
                "title",
                "held_on",
                "date_note",
                Row("starts_at", "ends_at"),
                "place",
                help_text="Tout ce qui n’est pas encore connu peut être complété plus tard.",
            ),
            Section("Qui la tient", "chair", "secretary"),
            Section("Convocation", "convened_on"),
        )

    def clean_held_on(self) -> date | None:
        return plausible_day(self.cleaned_data["held_on"])

    def clean_convened_on(self) -> date | None:
        return plausible_day(self.cleaned_data["convened_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        held_on, convened_on = cleaned.get("held_on"), cleaned.get("convened_on")
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error(
                "ends_at",
                "La séance doit finir après son début. Corrigez l’une des deux heures.",
            )
        if held_on and convened_on and convened_on > held_on:
            self.add_error(
                "convened_on",
                "La convocation partirait après la séance. Corrigez l’une des deux dates.",
            )
        chair = cleaned.get("chair")
        if chair and held_on and not _holds_mandate(chair, held_on):
            self.add_error(
                "chair",
                f"Le mandat de {chair.label} ne couvre pas le {date_in_words(held_on)}. Choisissez "
                "quelqu’un d’autre, ou corrigez la composition du comité.",
            )
        if cleaned.get("title") and self._has_twin(cleaned["title"], held_on):
            self.add_error(
                "title",
                "Une séance de ce comité porte déjà ce titre à cette date. Ouvrez-la depuis la page "
                "du comité, ou donnez un autre titre.",
            )
        return cleaned

    def _has_twin(self, title: str, held_on: date | None) -> bool:
        """Tell whether the same meeting exists: sent twice, the form would make two of them."""
        twins = Meeting.objects.filter(committee=self.committee, title=title, held_on=held_on)
        return twins.exclude(pk=self.instance.pk).exists()


def _holds_mandate(member: Member, day: date) -> bool:
    kept = Q(removed_at__isnull=True)
    return Member.objects.filter(kept, pk=member.pk).holding_on(day).exists()
