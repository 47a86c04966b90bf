"""Form of the documents that bear out the acts of a démarche."""

from typing import Any

from django import forms

from common.form_tools import keep_to_one_line
from common.forms import DsfrFormHelper
from modules.enums import CycleDocumentKind
from modules.forms.cycles import back_to
from modules.forms.files import UploadField
from modules.models import LabelCycle


class ActDocumentForm(forms.Form):
    """A file, what it bears out, what it is called."""

    kind = forms.ChoiceField(
        label="Ce que ce document atteste",
        choices=CycleDocumentKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce que ce document atteste."},
    )
    title = forms.CharField(
        label="Intitulé",
        max_length=200,
        help_text="Par exemple : Lettre de choix signée par le préfet",
        error_messages={"required": "Donnez un intitulé au document."},
    )
    upload = UploadField()

    def __init__(self, *args: Any, cycle: LabelCycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_to_one_line(self.fields)
        self.helper = DsfrFormHelper("Ajouter le document", cancel_url=back_to(cycle))
