"""The kind « tests.sized »: a specimen whose decisions are counted by a file of the data folder."""

from typing import Any

from django.conf import settings

from accounts.models import Prefecture
from reports.registry import register_document
from tests.reports.specimen import Specimen


SIZE_FILE = "decisions"


@register_document
class Sized(Specimen):
    code = "tests.sized"
    label = "Document mesuré"

    def collect(self, subject: Prefecture) -> dict[str, Any]:
        collected = super().collect(subject)
        size_file = settings.DATA_DIR / SIZE_FILE
        size = int(size_file.read_text()) if size_file.exists() else 1
        collected["decisions"] = collected["decisions"][:1] * size
        return collected
