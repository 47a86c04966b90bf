"""The code printed on a document: short, said on the telephone without mistakes."""

import re
import secrets


# Neither I, L, O, 0 nor 1: they are mistaken for one another on paper.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
GROUPS, GROUP_LENGTH = 3, 4
# 31 ** 12 codes: a stranger who tries a thousand a second finds one in twelve million years.
_SEPARATORS = re.compile(r"[\s\-‐‑–—_.]+")


def new_code() -> str:
    """Return a code such as « ABCD-EFGH-JKMN »."""
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)
    )


def normalise_code(typed: str) -> str:
    """Return the code as it is stored, whatever case, spaces or hyphens were typed.

    >>> normalise_code(" abcd efgh–jkmn ")
    'ABCD-EFGH-JKMN'
    """
    letters = _SEPARATORS.sub("", typed).upper()
    return "-".join(
        letters[start : start + GROUP_LENGTH] for start in range(0, len(letters), GROUP_LENGTH)
    )
