"""Data of the apps below that an agenda item may insert, frozen when the minutes are signed."""

from accounts.models import Prefecture
from modules.selectors import PerimeterFacts, perimeter_facts
from reports.registry import register_section


@register_section("perimetre", "Périmètre de labellisation", "documents/sections/perimeter.html")
def perimeter(prefecture: Prefecture) -> PerimeterFacts | None:
    """Return the modules chosen, who validated them and the audits planned."""
    return perimeter_facts(prefecture)
