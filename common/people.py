"""How a person is written: « Mme Pascale SILBERMANN, sous-préfète, référente qualité »."""


def full_name(civility: str, first_name: str, last_name: str) -> str:
    """Return civility, first name and SURNAME; empty when the name is not known.

    >>> full_name("Mme", "Pascale", "Silbermann")
    'Mme Pascale SILBERMANN'
    """
    return " ".join(
        part for part in (civility, first_name, last_name.upper()) if part and last_name
    )


def with_function(name: str, function: str) -> str:
    """Return the name followed by its function, or the only one that is known.

    >>> with_function("", "trésorière")
    'trésorière'
    """
    return ", ".join(part for part in (name, function) if part)
