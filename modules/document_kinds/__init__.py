"""Kinds of documents of the démarche, by noun; importing them declares them."""

from modules.document_kinds import assessments, changes, dossier


__all__ = ["assessments", "changes", "dossier"]
