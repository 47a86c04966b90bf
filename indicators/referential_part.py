"""What the indicators read in a référentiel file: declared to ``modules``, which knows nothing of them."""

from collections.abc import Iterable, Set
from typing import Any

from indicators import referential_entries as entries
from indicators.models import Indicator
from indicators.selectors.definitions import stored_entries
from indicators.services.definitions import load_definitions
from modules.models import Referential
from modules.referential_files_blocks import Block
from modules.referential_files_entries import Fault, ReferentialEntry
from modules.referential_parts import Counts, FilePart, Known, PartChange, register_file_part


Entries = tuple[entries.IndicatorEntry, ...]


@register_file_part
class Definitions(FilePart):
    """The ``indicators:`` block."""

    key = entries.KEY
    label = "Indicateurs"

    def parse(self, top: Block) -> Entries:
        return entries.parse_entries(top)

    def check(self, entry: ReferentialEntry, content: Entries) -> list[Fault]:
        return entries.check_entries(content)

    def check_against(
        self, entry: ReferentialEntry, content: Entries, known: Iterable[Known]
    ) -> list[Fault]:
        return entries.check_commitments(entry, {item.code for item in content}, known)

    def names(self, content: Any) -> Set[str]:
        return {item.code for item in content}

    def stored_names(self) -> Set[str]:
        return set(Indicator.objects.values_list("code", flat=True))

    def load(self, referential: Referential, content: Entries) -> tuple[Counts, list[Fault]]:
        return load_definitions(referential=referential, entries=content)

    def stored(self, referential: Referential) -> Entries:
        return stored_entries(referential)

    def compare(self, old: Entries, new: Entries) -> list[PartChange]:
        return entries.compare_entries(old, new)
