"""The block "Onderzoek en erkenning": what bodies recognised and what studies found, two facts kept apart."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kennis.content import evidence, kinds
from kennis.content.derived import Derived
from kennis.content.views import EntryView
from kennis.content.vocabulary import vocabularies
from kennis.web import assessment, dutch, facts, markup


@dataclass(frozen=True, slots=True)
class Recognised:
    level: str
    by: str
    status: str
    wording: str
    note: str | None
    source: "Source | None"


@dataclass(frozen=True, slots=True)
class Studied:
    title: str
    kind: str
    outcome: str
    is_warning: bool
    facts: tuple[tuple[str, str], ...]
    source: "Source | None"


@dataclass(frozen=True, slots=True)
class Source:
    title: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Research:
    """`notices` are what a reader must not miss, each a whole sentence."""

    heading: str
    band: str
    is_warning: bool
    lines: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]
    recognitions: tuple[Recognised, ...]
    studies: tuple[Studied, ...]


WARNING_DIRECTIONS = ("none", "harmful")
CONFLICT = "De erkenning en het onderzoek wijzen niet dezelfde kant op."
FOREIGN = "Dit is een buitenlandse beoordeling. In Nederland kan het anders werken."
ABOUT_THE_TEXT = "Dit niveau gaat over de beschrijving. Het zegt niet of er een effect is gemeten."


def of(view: EntryView, derived: Derived, today: date) -> Research | None:
    """None for kinds that nobody assesses."""
    band = derived.evidence_band
    if band is None:
        return None
    content = view.content
    return Research(
        heading=assessment.heading("evidenceBand"),
        band=assessment.band_words(band),
        is_warning=band < 0,
        lines=tuple(
            assessment.lines(derived.recognition, derived.recognition_status, band, derived.evidence_direction)
        ),
        notices=tuple(_notices(content, derived, band)),
        recognitions=tuple(_recognised(view, r, today) for r in content.get("recognitions", ())),
        studies=tuple(_studied(view, e) for e in content.get("evidence", ())),
    )


def _notices(content: Mapping[str, Any], derived: Derived, band: int) -> Iterator[str]:
    override = content.get("evidenceBandOverride")
    if override:
        yield f"De redactie paste dit aan op {dutch.day(override['setOn'])}. {override['reason']}"
    if derived.evidence_conflict:
        yield CONFLICT
    leading = derived.recognition
    if leading and leading.get("foreignLevel"):
        yield FOREIGN
    if leading and 0 < band < evidence.FIRST_EFFECT_BAND:
        yield ABOUT_THE_TEXT


def _recognised(view: EntryView, recognition: Mapping[str, Any], today: date) -> Recognised:
    body = view.organisations.get(recognition["bodyId"])
    scheme = assessment.label("recognition-schemes", recognition["scheme"])
    until = recognition.get("validUntil")
    status = evidence.effective_status(recognition, today)
    return Recognised(
        level=assessment.level_words(recognition),
        by=_given_by(body.name, scheme) if body else scheme,
        status=assessment.status_words(status, until) or _holds_until(status, until),
        wording=recognition["originalWording"],
        note=recognition.get("note"),
        source=_source(view.content, recognition),
    )


def _given_by(body: str, scheme: str) -> str:
    """Some schemes are called as the body that keeps them, but for a capital."""
    return body if body.casefold() == scheme.casefold() else f"{body} ({scheme})"


def _holds_until(status: str, until: str | None) -> str:
    """Empty without an end: that something "holds" says nothing of a body that did not recognise it."""
    return f"{assessment.label('recognition-statuses', status)} tot {dutch.day(until)}" if until else ""


def _studied(view: EntryView, study: Mapping[str, Any]) -> Studied:
    schema = facts.field_of(kinds.schema(view.kind), "evidence").inner.document
    shown = facts.facts(schema, study, ("finding", "design", "n", "limits"))
    pairs = [(fact.label, ", ".join(fact.values)) for fact in shown]
    if study.get("country", "nl") != "nl":
        pairs.append((facts.label(facts.field_of(schema, "country")), study["country"].upper()))
    outcome = assessment.label("evidence-directions", study["direction"])
    return Studied(
        title=study["title"],
        kind=f"{vocabularies()['evidence-types'][study['type']].labels['nl']}, {study['year']}",
        outcome=f"{assessment.heading('evidenceDirection')}: {outcome.lower()}",
        is_warning=study["direction"] in WARNING_DIRECTIONS,
        facts=tuple(pairs),
        source=_source(view.content, study),
    )


def _source(content: Mapping[str, Any], part: Mapping[str, Any]) -> Source | None:
    """Its own address, else the source it points to by position."""
    sources = content.get("sources", ())
    index = part.get("sourceIndex")
    named = sources[index] if index is not None and index < len(sources) else None
    address = markup.outward(part.get("url")) or (markup.outward(named.get("url")) if named else None)
    if named is None and address is None:
        return None
    return Source(named["title"] if named else "Bron", address)
