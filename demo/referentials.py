"""Where the référentiel files of the application lie."""

from pathlib import Path

from django.conf import settings


REFERENTIALS = ("qualipref-2.0", "qual-e-pref-2019")


def referential_files() -> list[Path]:
    """Return the files that the demo needs, oldest first."""
    folder = Path(settings.BASE_DIR) / "modules" / "referentials"
    return [folder / f"{name}.yaml" for name in REFERENTIALS]
