"""What a later text says differently from an earlier one: property by property, in the order of the content model.

Texts are compared by sentence and, where a sentence is still much the same, by word; lists by item; sub-objects by
what makes them the same thing. Two texts of 100,000 characters take half a second at the very worst.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

import orjson
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from kennis.content.comparison import Cell
from kennis.content.fields import Code, ContentField, PlainText
from kennis.content.fields_nested import ContentSchema, Many, Part
from kennis.content.fields_values import Uuid
from kennis.content.kinds import schema
from kennis.content.labelling import property_label

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"
# Below this share of equal words, or of equal properties, it reads better as one thing that went and another that
# came (guess, looked at over changes of the seed).
STILL_THE_SAME = 0.5
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?](?!\s)[^.!?\n]*)*(?:[.!?]\s*|\n\s*|$)")
_WORD = re.compile(r"\S+")
_WORD_OR_SPACE = re.compile(r"\S+|\s+")
# Comparing takes the product of both lengths: above this (two stretches of 15,000 words without one whole sentence in
# common) it is one text for another. A guess.
MOST_COMPARED = 30_000**2


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed the same, was removed or was added. Without the added ones it is the earlier text,
    without the removed ones the later."""

    change: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """`pointer` (RFC 6901) leads into the later text; to what was removed, into the earlier one. `subject` tells items
    of a list apart. Of a text that changed there are `pieces`, of lists and sub-objects `parts`, of all else the values
    `before` and `after`. `is_reordered`: what stayed in the list stands in another order."""

    pointer: str
    label: str
    change: str
    subject: str | None = None
    before: Cell | None = None
    after: Cell | None = None
    pieces: tuple[Piece, ...] = ()
    parts: tuple["Change", ...] = ()
    is_reordered: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    """In which language labels are, and the names behind ids; an id without a name stands for itself."""

    language: str
    names: Mapping[str, str]

    def cell(self, field: ContentField, value: Any) -> Cell | None:
        return None if value is None else Cell(value, self.label(field, value))

    def label(self, field: ContentField, value: Any) -> str | None:
        if isinstance(field, Code):
            return field.vocabulary.label(value, self.language)
        return self.names.get(value) if isinstance(field, Uuid) else None


def between(
    kind: str, before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str], language: str
) -> list[Change]:
    """`names` are those of organisations and titles of entries by id, as far as the reader may know them."""
    return list(_properties(schema(kind), before, after, _Words(language, names), ""))


def _properties(
    of: ContentSchema, before: Mapping[str, Any], after: Mapping[str, Any], words: _Words, place: str
) -> Iterator[Change]:
    for field in of.load_fields.values():
        name = str(field.data_key)
        old, new = before.get(name), after.get(name)
        if old != new:
            label = property_label(name, field.metadata["title"], words.language)
            yield _change(cast(ContentField, field), old, new, words, f"{place}/{name}", label)


def _change(field: ContentField, old: Any, new: Any, words: _Words, pointer: str, label: str) -> Change:
    what = ADDED if old is None else REMOVED if new is None else CHANGED
    if isinstance(field, Many):
        parts, is_reordered = _items(field, old or [], new or [], words, pointer)
        return Change(pointer, label, what, parts=parts, is_reordered=is_reordered)
    if isinstance(field, Part):
        inside = _properties(field.document, old or {}, new or {}, words, pointer)
        return Change(pointer, label, what, parts=tuple(inside))
    if isinstance(field, PlainText) and what == CHANGED:
        return Change(pointer, label, what, pieces=pieces(old, new))
    return Change(pointer, label, what, before=words.cell(field, old), after=words.cell(field, new))


def _items(
    field: Many, old: Sequence[Any], new: Sequence[Any], words: _Words, place: str
) -> tuple[tuple[Change, ...], bool]:
    """Changed and added items in their order, then those that were removed."""
    earlier = _same_things(field, old, new)
    found = [
        _item(field, old[earlier[j]] if j in earlier else None, item, words, f"{place}/{j}")
        for j, item in enumerate(new)
        if j not in earlier or old[earlier[j]] != item
    ]
    gone = [i for i in range(len(old)) if i not in earlier.values()]
    found += [_item(field, old[i], None, words, f"{place}/{i}") for i in gone]
    order = [earlier[j] for j in sorted(earlier)]
    return tuple(found), order != sorted(order)


def _item(field: Many, old: Any, new: Any, words: _Words, pointer: str) -> Change:
    inner = cast(ContentField, field.inner)
    label = property_label(pointer.rsplit("/", 2)[1], inner.metadata["title"], words.language)
    made = _change(inner, old, new, words, pointer, label)
    if not isinstance(inner, Part):
        return made
    subject = _subject(field, inner, old if new is None else new, words)
    return Change(pointer, label, made.change, subject, parts=made.parts)


def _subject(field: Many, inner: Part, item: Mapping[str, Any], words: _Words) -> str:
    fields = {str(f.data_key): cast(ContentField, f) for f in inner.document.load_fields.values()}
    told = [(fields[name], item[name]) for name in _identity(field) if name in item]
    return ", ".join(words.label(one, value) or str(value) for one, value in told)


def _identity(field: Many) -> tuple[str, ...]:
    """What makes two sub-objects the same thing: what no two in the list may share, else what each is called."""
    if field.unique or not isinstance(field.inner, Part):
        return field.unique
    fields = field.inner.document.load_fields.values()
    return (next(str(f.data_key) for f in fields if f.required and not isinstance(f, Code)),)


def _same_things(field: Many, old: Sequence[Any], new: Sequence[Any]) -> dict[int, int]:
    """Place in the later list -> place in the earlier one: equal items first, then those that are called the same, then
    those that look alike."""
    pairs: dict[int, int] = {}
    names = _identity(field)

    def join(i: int, j: int) -> None:
        if j not in pairs and i not in pairs.values():
            pairs[j] = i

    for key in (_whole, lambda item: _whole([item.get(name) for name in names]) if names else _whole(item)):
        places = {key(item): j for j, item in reversed(list(enumerate(new))) if j not in pairs}
        for i, item in enumerate(old):
            if key(item) in places:
                join(i, places[key(item)])
    left = [i for i in range(len(old)) if i not in pairs.values()]
    near = [(_likeness(field, old[i], item), i, j) for i in left for j, item in enumerate(new) if j not in pairs]
    for likeness, i, j in sorted(near, key=lambda n: (-n[0], n[1], n[2])):
        if likeness >= STILL_THE_SAME:
            join(i, j)
    return pairs


def _whole(item: Any) -> bytes:
    return orjson.dumps(item, option=orjson.OPT_SORT_KEYS)


def _likeness(field: Many, old: Any, new: Any) -> float:
    if isinstance(field.inner, PlainText):
        return fuzz.ratio(old, new) / 100
    if not isinstance(field.inner, Part):
        return 0.0
    names = old.keys() | new.keys()
    return sum(bool(old.get(name) == new.get(name)) for name in names) / len(names)


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Neighbours never have the same change; none is empty."""
    found: list[Piece] = []
    for is_same, old, new in _runs(_SENTENCE.findall(before), _SENTENCE.findall(after)):
        found += [Piece(SAME, old)] if is_same else _within(old, new)
    return tuple(_joined(found))


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, str, str]]:
    """Stretches that are equal and those that are not, in turn, as earlier and later text."""
    for is_same, group in groupby(Levenshtein.opcodes(old, new), key=lambda step: step.tag == "equal"):
        steps = list(group)
        first, last = steps[0], steps[-1]
        earlier, later = old[first.src_start : last.src_end], new[first.dest_start : last.dest_end]
        yield is_same, "".join(earlier), "".join(later)


def _within(old: str, new: str) -> Iterator[Piece]:
    """Word by word where most words stayed; else one text for another, which is easier to read."""
    words, others = _WORD_OR_SPACE.findall(old), _WORD_OR_SPACE.findall(new)
    if len(words) * len(others) > MOST_COMPARED or _words_kept(old, new) < STILL_THE_SAME:
        yield from (Piece(REMOVED, old), Piece(ADDED, new))
        return
    for is_same, earlier, later in _runs(words, others):
        yield from [Piece(SAME, earlier)] if is_same else [Piece(REMOVED, earlier), Piece(ADDED, later)]


def _words_kept(old: str, new: str) -> float:
    return Levenshtein.normalized_similarity(_WORD.findall(old), _WORD.findall(new))


def _joined(found: Iterable[Piece]) -> Iterator[Piece]:
    for change, group in groupby((piece for piece in found if piece.text), key=lambda piece: piece.change):
        yield Piece(change, "".join(piece.text for piece in group))
