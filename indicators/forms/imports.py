"""The workbook to import, the answers to its questions, and what is decided before applying."""

from collections.abc import Sequence
from typing import Any

from django import forms

from common.forms import DsfrFormHelper, TableFileField
from common.typography import french_spaces
from indicators.enums import ImportEffect
from indicators.import_plan import Decision, Plan, PlanRow
from indicators.reading.definitions import Question
from indicators.selectors.imports import AnswerChoices, UnderstoodLabel


# Doubted figures that have a field of their own; the common reason speaks for the others.
MOST_DOUBTS = 40


class MeasureFileForm(forms.Form):
    """The file to import; what it is, is told by its content once read."""

    file = TableFileField(
        label="Classeur de mesures",
        help_text="ODS, XLSX, XLS ou CSV, tel qu’il est : ni modèle à suivre, ni colonnes à renommer. "
        "Déposez-le dans le cadre, ou choisissez-le.",
        widget=forms.FileInput(attrs={"accept": ".ods,.xlsx,.xls,.csv"}),
    )

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = DsfrFormHelper("Lire le classeur", cancel_url=cancel_url)


class AnswersForm(forms.Form):
    """One list for each question, and one for each label understood without being sure."""

    show_optional = False

    def __init__(
        self,
        *args: Any,
        questions: Sequence[Question],
        labels: Sequence[UnderstoodLabel],
        choices: AnswerChoices,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._keys: dict[str, str] = {}
        self._known: dict[str, str] = {}
        for number, question in enumerate(questions):
            place = f"feuille « {question.sheet} »" if question.sheet else ""
            where = ", ".join(filter(None, (place, question.cell)))
            self._add(
                f"answer-{number}",
                question.key,
                label=question.text,
                help_text=where[:1].upper() + where[1:],
                choices=choices.for_question(question),
            )
        for number, label in enumerate(labels):
            self._add(
                f"label-{number}",
                label.key,
                label=f"« {label.label} »",
                help_text=f"{label.words}, {label.count} cellule{'s' if label.count > 1 else ''}",
                choices=[*choices.indicators, ("-", "Laisser ces cellules de côté")],
                initial=label.code,
            )
            self._known[f"label-{number}"] = label.code

    def _add(self, name: str, key: str, **about: Any) -> None:
        self.fields[name] = forms.ChoiceField(required=False, **about)
        self._keys[name] = key

    @property
    def question_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("answer-")]

    @property
    def label_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("label-")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.answers():
            raise forms.ValidationError("Choisissez au moins une réponse, ou changez un libellé.")
        return cleaned

    def answers(self) -> dict[str, str]:
        """Return ``{question.key: answer}`` for what was answered or corrected."""
        return {
            self._keys[name]: value
            for name, value in self.cleaned_data.items()
            if value and value != self._known.get(name)
        }


class DecisionForm(forms.Form):
    """What must be said before applying: what is left out, what is reopened, why doubts are right."""

    show_optional = False

    leave_out = forms.BooleanField(required=False)
    reopen = forms.BooleanField(required=False)
    reopen_reason = forms.CharField(required=False, max_length=300, strip=True)
    every_reason = forms.CharField(
        label="La même raison pour toutes, si c’est le cas",
        required=False,
        max_length=300,
        strip=True,
    )

    def __init__(self, *args: Any, plan: Plan, may_reopen: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        stopped = len(plan.blocking) + (0 if may_reopen else len(plan.locked))
        cells = f"les {stopped} lignes" if stopped > 1 else "la ligne"
        self.fields["leave_out"].label = french_spaces(
            f"Appliquer quand même le reste, en laissant de côté {cells} « À corriger » ou "
            "« À préciser »"
        )
        if not plan.blocking and not plan.locked:
            del self.fields["leave_out"]
        if not plan.locked or not may_reopen:
            del self.fields["reopen"], self.fields["reopen_reason"]
        else:
            many = len(plan.locked) > 1
            self.fields["reopen_reason"].label = f"Pourquoi {'les' if many else 'la'} rouvrir"
            self.fields["reopen"].label = (
                f"Rouvrir les {len(plan.locked)} mesures validées et les remplacer"
                if many
                else "Rouvrir la mesure validée et la remplacer"
            )
        if len(plan.doubted) < 2:
            del self.fields["every_reason"]
        for row in self.own_doubts:
            self.fields[f"doubt-{row.rank}"] = forms.CharField(
                label="Pourquoi cette valeur est juste", required=False, max_length=300, strip=True
            )
            self.fields[f"skip-{row.rank}"] = forms.BooleanField(
                label="La laisser de côté", required=False
            )

    @property
    def own_doubts(self) -> list[PlanRow]:
        return self.plan.doubted[:MOST_DOUBTS]

    @property
    def more_doubts(self) -> int:
        return len(self.plan.doubted) - len(self.own_doubts)

    @property
    def doubt_fields(self) -> list[tuple[PlanRow, forms.BoundField, forms.BoundField]]:
        return [
            (row, self[f"doubt-{row.rank}"], self[f"skip-{row.rank}"]) for row in self.own_doubts
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reopen") and not cleaned.get("reopen_reason"):
            what = (
                "ces mesures sont rouvertes" if len(self.plan.locked) > 1 else "elle est rouverte"
            )
            self.add_error("reopen_reason", f"Dites pourquoi {what}.")
        return cleaned

    def decision(self) -> Decision:
        """Return what was decided, for the service."""
        given = self.cleaned_data
        ranks = [row.rank for row in self.own_doubts]
        return Decision(
            leave_out=given.get("leave_out", False),
            reopen=given.get("reopen_reason", "") if given.get("reopen") else "",
            reasons={rank: given.get(f"doubt-{rank}", "") for rank in ranks},
            every_reason=given.get("every_reason", ""),
            skipped=frozenset(rank for rank in ranks if given.get(f"skip-{rank}")),
        )

    def refuse(self, problems: dict[str, str]) -> None:
        """Show beside its field what the service still waits for."""
        for name, message in problems.items():
            self.add_error(name if name in self.fields else None, message)


class RowFilterForm(forms.Form):
    """Which rows of a preview are shown."""

    show_optional = False

    effect = forms.ChoiceField(
        label="Effet", required=False, choices=[("", "Tous"), *ImportEffect.choices]
    )
    sheet = forms.ChoiceField(label="Feuille", required=False)
    doubtful = forms.BooleanField(label="À vérifier seulement", required=False)

    def __init__(self, *args: Any, sheets: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [  # type: ignore[attr-defined]
            ("", "Toutes"),
            *((name, name) for name in sheets if name),
        ]
        if len(sheets) < 2:
            del self.fields["sheet"]

    def wanted(self) -> dict[str, Any]:
        """Return the filters; one that makes no sense is ignored."""
        self.is_valid()
        given = self.cleaned_data
        return {
            "effect": given.get("effect", ""),
            "sheet": given.get("sheet", ""),
            "doubtful": given.get("doubtful", False),
        }
