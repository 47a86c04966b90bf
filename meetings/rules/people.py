"""Is it the same person? Names are typed by hand: accents, capitals, order and civility vary."""

import re
import unicodedata


_CIVILITIES = frozenset({"m", "mr", "mm", "mme", "mlle", "monsieur", "madame"})


def name_words(name: str) -> frozenset[str]:
    """Return the words of a name without civility, capitals, accents or hyphens.

    >>> sorted(name_words("Mme Claudine MARTINS-DE-SOUSA"))
    ['claudine', 'de', 'martins', 'sousa']
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return frozenset(re.findall(r"[a-z0-9]+", letters)) - _CIVILITIES


def same_person(typed: str, first_name: str, last_name: str) -> bool:
    """Tell whether a typed name can be this person: full name in any order, or surname alone.

    >>> same_person("Monsieur Blot", "", "BLOT"), same_person("BLOT Jean", "Paul", "Blot")
    (True, False)
    """
    words, last = name_words(typed), name_words(last_name)
    if not words or not last:
        return False
    return words == last or words == last | name_words(first_name)


def same_name(first: str, second: str) -> bool:
    """Tell whether two full names are the same one, but for accents, capitals, order, civility.

    >>> same_name("Pierre-Louis SIRE", "M. sire pierre louis"), same_name("", "")
    (True, False)
    """
    words = name_words(first)
    return bool(words) and words == name_words(second)
