"""What stands beside an entry on its page: relations from both sides in labelled groups, and what is like it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import orjson
from sqlalchemy.orm import Session

from kennis.content import public
from kennis.errors import SearchUnavailable
from kennis.installation import Kennis
from kennis.search import showing
from kennis.search.answers import Hit
from kennis.search.find import Finder
from kennis.web.cards import Card, card

LIKE_THIS = 4


@dataclass(frozen=True, slots=True)
class Neighbour:
    """`how` is the relation as this side says it, `note` why. An archived one has no card any more, only a title."""

    how: str
    note: str | None
    card: Card | None
    title: str
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """What is in it: entries of these kinds, and those that stand in one of these relations to the page.
    `when_empty` is said where the group is shown without entries too."""

    id: str
    title: str
    kinds: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    when_empty: str = ""

    def holds(self, relation: public.PublicRelation) -> bool:
        return relation.other.kind in self.kinds or relation.kind in self.relations


LESSONS = Group("lessen", "Lessen uit de praktijk", ("lesson",), when_empty="Er zijn hierbij nog geen lessen.")
STORIES = Group("verhalen", "Ervaringsverhalen", ("story",), when_empty="Er zijn hierbij nog geen verhalen.")
TRAININGS = Group("trainingen", "Trainingen", relations=("trained-by",))
OFFERS = Group("aanbod", "Waar te krijgen", relations=("offered-by",))
OTHERS = Group("verwant", "Hangt hiermee samen")
VOICES = (LESSONS, STORIES)
PLACES = (TRAININGS, OFFERS)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`voices` stand beside research, `places` below them, `others` is the rest, `alike` found by the search."""

    voices: tuple[Group, ...]
    places: tuple[Group, ...]
    others: Group
    alike: tuple[Card, ...]
    is_whole: bool

    @property
    def has_voices(self) -> bool:
        return any(group.neighbours for group in self.voices)

    @property
    def has_places(self) -> bool:
        return any(group.neighbours for group in self.places)


def around(kennis: Kennis, session: Session, entry: public.PublicEntry, today: date) -> Neighbours:
    stored, inverse = public.relations(session, entry, today, partners=False)
    relations = [*stored, *inverse]
    ids = [relation.other.id for relation in relations]
    shown = partial(
        showing.show, kennis.store, today=today, language="nl", surface="pages", public_url=kennis.config.public_url
    )
    cards = shown(ids, shape="card")
    archived = shown([i for i in ids if i not in cards], shape="full")
    groups: dict[str, list[Neighbour]] = {}
    for relation in relations:
        if relation.other.id in cards or relation.other.id in archived:
            group = next((group for group in (*VOICES, *PLACES) if group.holds(relation)), OTHERS)
            groups.setdefault(group.id, []).append(_neighbour(relation, cards, archived))
    alike, is_whole = _alike(kennis, entry, {entry.id, *ids}, today)
    return Neighbours(
        voices=tuple(_filled(group, groups) for group in VOICES),
        places=tuple(_filled(group, groups) for group in PLACES),
        others=_filled(OTHERS, groups),
        alike=alike,
        is_whole=is_whole,
    )


def _neighbour(relation: public.PublicRelation, cards: showing.Shown, archived: showing.Shown) -> Neighbour:
    how, note = relation.labels["nl"], relation.note
    if relation.other.id in cards:
        shown = card(cards[relation.other.id])
        return Neighbour(how, note, shown, str(shown.title))
    title = orjson.loads(archived[relation.other.id])["title"]
    return Neighbour(how, note, None, title, is_archived=True)


def _filled(group: Group, groups: Mapping[str, list[Neighbour]]) -> Group:
    return replace(group, neighbours=tuple(groups.get(group.id, ())))


def _alike(kennis: Kennis, entry: public.PublicEntry, known: set[str], today: date) -> tuple[tuple[Card, ...], bool]:
    """Not what is named above already; and whether that is all. Reading goes on when searching does not."""
    if not entry.is_published:
        return (), True
    limit = LIKE_THIS + len(known)

    def near(finder: Finder) -> tuple[list[Hit], bool]:
        return finder.similar(entry.id, surface="pages", language="nl", limit=limit, today=today), finder.is_standby

    try:
        hits, is_standby = kennis.standby.answer(near)
    except SearchUnavailable:
        return (), False
    return tuple(card(hit.fragment) for hit in hits if hit.id not in known)[:LIKE_THIS], not is_standby
