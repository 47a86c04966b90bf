"""What the machine must have for documents, checked at start."""

from typing import Any

from django.core.checks import CheckMessage, Warning

from reports.pdf import harfbuzz_subset_available


def check_harfbuzz(**kwargs: Any) -> list[CheckMessage]:
    """Warn when fonts cannot be subset by HarfBuzz (id ``reports.W001``)."""
    if harfbuzz_subset_available():
        return []
    return [
        Warning(
            "La bibliothèque libharfbuzz-subset est absente : chaque document sera beaucoup plus "
            "long à produire.",
            hint="Installez le paquet « libharfbuzz-subset0 », puis redémarrez le service.",
            id="reports.W001",
        )
    ]
