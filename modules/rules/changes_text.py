"""« Ce qui change » in Markdown: the text of the agenda item « nouveautés ». Pure."""

from collections.abc import Sequence

from modules.enums import Certainty, ChangeKind
from modules.rules.changes import CommitmentChange, Comparison, ModuleChange, participle


_K = ChangeKind
_TOLD_IN_FULL = (_K.ADDED, _K.REMOVED, _K.REWORDED, _K.NARROWED, _K.MERGED, _K.SPLIT)


def agenda_text(comparison: Comparison, consequence: str = "", details: Sequence[str] = ()) -> str:
    """Return Markdown: paragraphs and lists separated by an empty line.

    ``consequence`` is a sentence on this préfecture; ``details`` follow it as a list.
    """
    paragraphs = [
        f"Ce qui change de {comparison.old.name} à {comparison.new.name}.",
        *([comparison.new.mapping_note] if comparison.new.mapping_note else []),
        *(module_paragraph(module) for module in comparison.modules if not module.is_same),
    ]
    same = [str(module.main.number) for module in comparison.modules if module.is_same]
    if same:
        paragraphs.append(f"Sans changement connu : {_modules(same)}.")
    if consequence:
        paragraphs.append(consequence)
    if details:
        paragraphs.append("\n".join(f"- {detail}" for detail in details))
    if _has_doubt(comparison):
        paragraphs.append(
            "Ce qui porte la mention « à confirmer » n’a pas été retrouvé dans un document officiel."
        )
    return "\n\n".join(paragraphs)


def _modules(numbers: list[str]) -> str:
    return f"module{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"


def module_paragraph(change: ModuleChange) -> str:
    """Return what becomes of the module, then a list of its commitments for each kind of change."""
    sentences = [f"{module_sentence(change)}{_doubt(change.certainty)}."]
    if change.note:
        sentences.append(change.note)
    if change.counts:
        sentences.append(f"Engagements : {change.counts_in_words}.")
    blocks = [" ".join(sentences)]
    for kind in _TOLD_IN_FULL:
        told = [_wording(item) for item in change.of_kind(kind)]
        if told:
            verb = participle(kind, len(told))
            blocks.append(
                "\n".join([f"{verb[:1].upper()}{verb[1:]} :", *(f"- {text}" for text in told)])
            )
    # An empty line ends a list: what follows would else belong to its last item.
    return "\n\n".join(blocks)


def module_sentence(change: ModuleChange) -> str:
    """« Le module 6, « A », devient « B » », without its full stop."""
    main = change.main
    if change.kind is ChangeKind.ADDED:
        return f"Le module {main.number}, « {main.title} », est ajouté"
    if change.kind is ChangeKind.REMOVED:
        return f"Le module {main.number}, « {main.title} », est retiré"
    old = " et ".join(f"« {item.title} »" for item in change.old)
    new = " et ".join(f"« {item.title} »" for item in change.new)
    what = {
        ChangeKind.RENAMED: "devient",
        ChangeKind.NARROWED: "se restreint à",
        ChangeKind.MOVED: "devient",
        ChangeKind.MERGED: "se fondent dans",
        ChangeKind.SPLIT: "se partage entre",
    }.get(change.kind)
    numbers = _modules([str(item.number) for item in change.old])
    article = "Les" if len(change.old) > 1 else "Le"
    if what is None or old == new:
        return f"{article} {numbers}, {old}, {'restent' if len(change.old) > 1 else 'est repris'}"
    return f"{article} {numbers}, {old}, {what} {new}"


def _wording(change: CommitmentChange) -> str:
    told = " / ".join(item.wording.rstrip(".") for item in change.new or change.old)
    certainties = {change.certainty, *(item.certainty for item in change.new or change.old)}
    doubt = Certainty.TO_CONFIRM if Certainty.TO_CONFIRM in certainties else Certainty.SOURCED
    return f"{told}{_doubt(doubt)}"


def _doubt(certainty: Certainty) -> str:
    return " (à confirmer)" if certainty is Certainty.TO_CONFIRM else ""


def _has_doubt(comparison: Comparison) -> bool:
    certainties = [module.certainty for module in comparison.modules]
    certainties += [item.certainty for module in comparison.modules for item in module.commitments]
    return Certainty.TO_CONFIRM in certainties
