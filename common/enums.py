"""Words and colours shared by every app: tones of badges, civilities."""

from django.db import models


class Tone(models.TextChoices):
    """How a state looks everywhere (docs: pages). The component adds icon and colour to the word."""

    DRAFT = "draft", "brouillon"  # grey
    PROGRESS = "progress", "en cours"  # blue
    WATCH = "watch", "à surveiller"  # orange, triangle
    BAD = "bad", "non conforme"  # red, cross
    GOOD = "good", "conforme"  # green, tick
    NOT_APPLICABLE = "na", "sans objet"  # outlined
    NOT_MEASURED = "unmeasured", "non mesuré"  # hatched


class Civility(models.TextChoices):
    """Civility as printed before a name."""

    MRS = "Mme", "Mme"
    MR = "M.", "M."
