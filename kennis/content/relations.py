"""The rules of relations between entries (content-model.md 6), without the database."""

from collections.abc import Mapping

from kennis.content.vocabulary import Term, vocabularies


def relation_kind(code: str) -> Term:
    return vocabularies()["relation-kinds"][code]


def fits(term: Term, source: str, target: str) -> bool:
    """Whether a relation of this kind may run from a `source` to a `target` kind."""
    extra = term.extra
    if source not in extra["from"] or target not in extra["to"]:
        return False
    return not extra.get("sameKind") or source == target or [source, target] in extra.get("alsoAcross", [])


def pair_of(kind: str, source: str, target: str) -> str | None:
    """The same for both directions of a symmetric kind; None for the others, whose direction says something."""
    if not relation_kind(kind).extra.get("symmetric"):
        return None
    return f"{kind} {min(source, target)} {max(source, target)}"


def inverse(kind: str) -> tuple[str, Mapping[str, str]]:
    """Code and labels under which the far side shows the relation."""
    extra = relation_kind(kind).extra
    return extra["inverse"], extra["inverseLabels"]


def may_close_circle(kind: str) -> bool:
    """Whether a chain of this kind may come back to where it began."""
    return not relation_kind(kind).extra.get("noCircles")
