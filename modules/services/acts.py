"""Documents that bear out the acts of a démarche: signed choice, validation, attestation."""

from typing import Any

from django.db import transaction

from accounts.models import User
from modules.models import CycleDocument, LabelCycle
from modules.services.files import store_file
from modules.services.writing import remove, restore


@transaction.atomic
def add_act_document(
    *, cycle: LabelCycle, kind: str, title: str, upload: Any, by: User
) -> CycleDocument:
    """Keep a file beside an act; ``kind`` is a value of ``CycleDocumentKind``.

    Raises ``ValidationError`` when the file is refused (``store_file``).
    """
    document = CycleDocument(cycle=cycle, kind=kind, title=title, added_by=by)
    document.full_clean(exclude=["stored"])
    document.stored = store_file(prefecture=cycle.prefecture, upload=upload, name=title, by=by)
    document.save()
    return document


@transaction.atomic
def remove_act_document(*, document: CycleDocument) -> CycleDocument:
    """Take a document off the page; ``restore_act_document`` puts it back."""
    return remove(document)


@transaction.atomic
def restore_act_document(*, document: CycleDocument) -> CycleDocument:
    """Put a document back."""
    return restore(document)
