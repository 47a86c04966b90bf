"""Files that a command is told to read or write, and why it could not, in French."""

import errno
from pathlib import Path


_CAUSES = {
    errno.ENOENT: "il n’existe pas ; vérifiez son nom et son dossier",
    errno.ENOTDIR: "un élément de son chemin n’est pas un dossier ; vérifiez le chemin",
    errno.EISDIR: "c’est un dossier ; indiquez un fichier",
    errno.EACCES: "vos droits ne le permettent pas ; demandez-les ou choisissez un autre dossier",
    errno.EPERM: "vos droits ne le permettent pas ; demandez-les ou choisissez un autre dossier",
    errno.EROFS: "le disque n’accepte que la lecture ; choisissez un autre dossier",
    errno.ENOSPC: "le disque est plein ; libérez de la place",
    errno.ENAMETOOLONG: "son nom est trop long ; raccourcissez-le",
}


def cause_of(error: OSError) -> str:
    """Return why, and what to do, as a part of a sentence: no capital, no full stop."""
    return _CAUSES.get(error.errno or 0, f"le système refuse (erreur {error.errno})")


def unreadable(path: Path, error: OSError) -> str:
    """Return the sentence that says that ``path`` could not be read."""
    return f"{path} ne peut pas être lu : {cause_of(error)}."


def unwritable(path: Path, error: OSError) -> str:
    """Return the sentence that says that ``path`` could not be written."""
    return f"{path} ne peut pas être écrit : {cause_of(error)}."
