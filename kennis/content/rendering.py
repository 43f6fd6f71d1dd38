"""Public JSON of an entry, made when it is stored and joined into answers as bytes.

`shapes.py` describes the same answers as marshmallow schemas; a test holds both to the same bytes. Two shapes: a card
(in lists) says every code with its label, a full entry keeps bare codes so that what was read can be sent back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, cast

import orjson

from kennis.content import expiry
from kennis.content.derived import Derived, derive
from kennis.content.kinds import KINDS, schema
from kennis.content.labelling import labels, table
from kennis.content.views import EntryView
from kennis.content.vocabulary import vocabularies

LANGUAGES = ("nl", "en")
ARCHIVED = "archived"
# Raised by whoever changes what this module or `labelling.py` writes: stored fragments are then made anew.
SHAPE_VERSION = "3"

# Lists of codes on a card, always present so that a reader need not ask.
CARD_LISTS = (("topics", "topics"), ("targetGroups", "target-groups"), ("audiences", "audiences"))
# What a card says of a leading recognition: code properties with their vocabulary, None for plain values.
CARD_RECOGNITION: tuple[tuple[str, str | None], ...] = (
    ("scheme", "recognition-schemes"),
    ("level", "recognition-levels"),
    ("foreignLevel", None),
    ("status", "recognition-statuses"),
    ("awarded", None),
    ("validUntil", None),
)
Labelled = dict[str, str]
Document = dict[str, Any]
Pieces = dict[str, bytes | None]


@dataclass(frozen=True, slots=True)
class Fragment:
    """`body` is one JSON object; from `holds_until` on it must be made anew."""

    body: bytes
    holds_until: date | None


@dataclass(frozen=True, slots=True)
class Fragments:
    """All that is kept of an entry: bytes by column of `models.FragmentRow`; from `holds_until` on to be made anew."""

    pieces: Pieces
    holds_until: date | None


@cache
def render_version(public_url: str) -> str:
    """Changes with the shapes, the address that links begin with, and every byte of the vocabularies."""
    return f"{SHAPE_VERSION}-{public_url}-{vocabularies().version}"


def render(view: EntryView, today: date, *, language: str, shape: str, public_url: str) -> Fragment:
    view = expiry.as_read(view, today)
    derived = derive(view, today)
    if shape == "card":
        return Fragment(orjson.dumps(card(view, derived, language, public_url)), derived.holds_until)
    if view.status == ARCHIVED:
        return Fragment(orjson.dumps(archived(view)), None)
    return Fragment(orjson.dumps(full(view, derived, today, language, public_url)), derived.holds_until)


def render_all(view: EntryView, today: date, public_url: str, derived: Derived | None = None) -> Fragments:
    """Card and full in both languages; of an archived entry, which is in no list, only full."""
    if view.status == ARCHIVED:
        return Fragments(_pieces(archived(view), dict.fromkeys(LANGUAGES, b"}"), {}), None)
    found = derived or derive(view, today)
    shown = shown_content(view, today)
    endings, cards = {}, {}
    for language in LANGUAGES:
        endings[language] = b"," + orjson.dumps({"labels": full_labels(view, shown, found, language)})[1:]
        cards[language] = orjson.dumps(card(view, found, language, public_url))
    return Fragments(_pieces(_unlabelled(view, shown, found, public_url), endings, cards), found.holds_until)


def _pieces(common: Document, endings: Mapping[str, bytes], cards: Mapping[str, bytes]) -> Pieces:
    pieces: Pieces = {"full_common": orjson.dumps(common)[:-1]}
    for language in LANGUAGES:
        pieces[f"full_{language}"] = endings[language]
        pieces[f"card_{language}"] = cards.get(language)
    return pieces


def links(view: EntryView, public_url: str) -> Labelled:
    kind = KINDS[view.kind]
    name = view.id if kind.page_is_id else view.slug
    return {"self": f"{public_url}/v1/{kind.collection}/{view.id}", "html": f"{public_url}/{kind.page}/{name}"}


def archived(view: EntryView) -> Document:
    """All that is told of an archived entry (content-model.md 7.1)."""
    return {
        "id": view.id,
        "kind": view.kind,
        "title": view.content["title"],
        "status": view.status,
        "archiveReason": view.archive_reason,
        "replacedById": view.replaced_by_id,
    }


# Full


@cache
def content_properties(kind: str) -> tuple[str, ...]:
    """Properties of the kind in the order of the model, without those that are kept in columns."""
    of = schema(kind)
    columns = of.system
    return tuple(cast(str, f.data_key) for f in of.load_fields.values() if f.data_key not in columns)


def shown_content(view: EntryView, today: date) -> Document:
    """The stored content without what may not be shown: hidden relations and sessions that are over."""
    content = view.content
    shown = {name: content[name] for name in content_properties(view.kind) if name in content}
    if view.hidden_relations and "relations" in shown:
        _keep(shown, "relations", [r for r in shown["relations"] if r["targetId"] not in view.hidden_relations])
    if "sessions" in shown:
        _keep(shown, "sessions", expiry.coming(shown["sessions"], today))
    return shown


def _keep(shown: Document, name: str, items: list[Any]) -> None:
    if items:
        shown[name] = items
    else:
        del shown[name]


def moment(view: EntryView, stamp: str) -> str:
    """The hour at which a story was handled could point to its writer: cut to the day (content-model.md 2)."""
    return f"{stamp[:10]}T00:00:00Z" if KINDS[view.kind].is_entrusted else stamp


def _stored(view: EntryView, shown: Document) -> Document:
    document = {"id": view.id, "slug": view.slug, "kind": view.kind, **shown}
    document |= {
        "status": view.status,
        "version": view.version,
        "createdAt": moment(view, view.created_at),
        "updatedAt": moment(view, view.updated_at),
    }
    optional = {
        "publishedAt": view.published_at and moment(view, view.published_at),
        "checkedAt": view.checked_at,
        "checkedBy": view.checked_by,
        "reviewDue": view.review_due,
        "appliedMarks": [dict(mark) for mark in view.approved_marks],
        "reviews": [dict(review) for review in view.reviews],
        "passedTracks": list(view.passed_tracks),
    }
    return document | {name: value for name, value in optional.items() if value}


def worked_out(derived: Derived) -> Document:
    """`derived` of a full entry; the evidence properties are null for kinds that nobody assesses."""
    recognition = derived.recognition
    return {
        "evidenceBand": derived.evidence_band,
        "evidenceDirection": derived.evidence_direction,
        "evidenceRank": derived.evidence_rank,
        "evidenceConflict": derived.evidence_conflict,
        "ageBands": derived.age_bands,
        "recognition": {**recognition, "status": derived.recognition_status} if recognition else None,
        "recognitionStatus": derived.recognition_status,
        "isExpired": derived.is_expired,
        "isStale": derived.is_stale,
        "isConfirmed": derived.is_confirmed,
        "evidenceType": derived.evidence_types,
        "year": derived.year,
    }


def full_labels(view: EntryView, shown: Document, derived: Derived, language: str) -> Document:
    """Labels of the codes shown, and of those worked out under the name they have in `derived`."""
    found: Document = {
        "kind": table("kinds", language)[view.kind],
        "status": table("statuses", language)[view.status],
        **labels(view.kind, shown, view.organisations, language),
    }
    if derived.age_bands:
        found["ageBands"] = [table("age-bands", language)[code] for code in derived.age_bands]
    if derived.evidence_types:
        found["evidenceType"] = [table("evidence-types", language)[code] for code in derived.evidence_types]
    if derived.evidence_band is not None:
        found["evidenceBand"] = table("evidence-bands", language)[str(derived.evidence_band)]
        found["evidenceDirection"] = table("evidence-directions", language)[cast(str, derived.evidence_direction)]
        found["recognition"] = table("recognition-levels", language)[cast(str, derived.recognition_facet)]
    if derived.recognition_status is not None:
        found["recognitionStatus"] = table("recognition-statuses", language)[derived.recognition_status]
    return found


def _unlabelled(view: EntryView, shown: Document, derived: Derived, public_url: str) -> Document:
    return _stored(view, shown) | {"derived": worked_out(derived), "links": links(view, public_url)}


def full(view: EntryView, derived: Derived, today: date, language: str, public_url: str) -> Document:
    """Labels last: all before them is the same in every language, and is kept once."""
    shown = shown_content(view, today)
    labels = full_labels(view, shown, derived, language)
    return _unlabelled(view, shown, derived, public_url) | {"labels": labels}


# Card


@cache
def _coded(vocabulary: str, language: str) -> Mapping[str, Labelled]:
    """Code -> `{code, label}`, shared by all cards: they are written out, never changed."""
    return {code: {"code": code, "label": label} for code, label in table(vocabulary, language).items()}


def _list(vocabulary: str, codes: Any, language: str) -> list[Labelled]:
    words = _coded(vocabulary, language)
    return [words[code] for code in codes]


def card(view: EntryView, derived: Derived, language: str, public_url: str) -> Document:
    content = view.content
    card: Document = {
        "id": view.id,
        "kind": _coded("kinds", language)[view.kind],
        "title": content["title"],
        "summary": content["summary"],
    }
    for name, vocabulary in CARD_LISTS:
        card[name] = _list(vocabulary, content.get(name, ()), language)
    card["organisations"] = named_organisations(view)
    card["regions"] = _list("regions", content.get("regions", ()), language)
    card["language"] = _coded("languages", language)[content["language"]]
    card["licence"] = _coded("licences", language)[content["licence"]]
    card["publishedAt"] = view.published_at and moment(view, view.published_at)
    card["updatedAt"] = moment(view, view.updated_at)
    if derived.evidence_band is not None:
        card["recognition"] = _card_recognition(derived, language)
        card["evidenceBand"] = _coded("evidence-bands", language)[str(derived.evidence_band)]
        card["evidenceDirection"] = _coded("evidence-directions", language)[cast(str, derived.evidence_direction)]
    card["checkedAt"] = view.checked_at
    card["isStale"] = derived.is_stale
    card["isExpired"] = derived.is_expired
    if "isExample" in content:
        card["isExample"] = content["isExample"]
    card["contentWarnings"] = _list("content-warnings", content.get("contentWarnings", ()), language)
    if KINDS[view.kind].has_channels:
        card["channels"] = [_channel(channel, language) for channel in content.get("channels", ())]
        card["isAlwaysOpen"] = any(channel.get("isAlwaysOpen", False) for channel in content.get("channels", ()))
    card["links"] = links(view, public_url)
    return card


def named_organisations(view: EntryView) -> list[Labelled]:
    """Slug and name of those linked, each once, whatever its roles; the survivor of a merger once too."""
    linked = (view.organisations.get(link["organisationId"]) for link in view.content.get("organisations", ()))
    found = {o.slug: o.name for o in linked if o is not None}
    return [{"slug": slug, "name": name} for slug, name in found.items()]


def _card_recognition(derived: Derived, language: str) -> Document | None:
    if derived.recognition is None:
        return None
    leading = {**derived.recognition, "status": derived.recognition_status}
    return {
        name: _coded(vocabulary, language)[leading[name]] if vocabulary else leading[name]
        for name, vocabulary in CARD_RECOGNITION
        if name in leading
    }


def _channel(channel: Mapping[str, Any], language: str) -> Document:
    shown = {**channel, "kind": _coded("channel-kinds", language)[channel["kind"]]}
    if "languages" in channel:
        shown["languages"] = _list("languages", channel["languages"], language)
    return shown
