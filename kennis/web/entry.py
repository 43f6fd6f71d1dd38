"""One entry as its page shows it: everything in words, in blocks that the layout of its kind names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from kennis.content import addresses, expiry, kinds, public, reading, rendering
from kennis.content.derived import Derived, derive
from kennis.content.views import EntryView
from kennis.content.vocabulary import vocabularies
from kennis.errors import Gone, NotFound
from kennis.installation import Kennis
from kennis.search.mapping import mapping
from kennis.web import assessment, cards, caution, dutch, facts, markup, neighbours, research
from kennis.web.caution import Caution
from kennis.web.facts import Fact, Section
from kennis.web.layouts import COMMON_FACTS, LAYOUTS, Layout

# Languages of which a reader need not be told.
OWN_LANGUAGE = "nl"
PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class OrganisationLink:
    name: str
    role_code: str
    role: str
    address: str
    note: str | None
    website: str | None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """`title_element` is what tab and history show. `caution` must be read before the text. `age` is empty when
    nothing is stale; else the sentence that says since when nobody looked. `websites` are ways to reach who helps."""

    kind: str
    kind_code: str
    title: str
    title_element: str
    summary: str
    summary_plain: str | None
    is_example: str | None
    age: str
    caution: Caution
    layout: Layout
    urgent: list[Section]
    websites: list[OrganisationLink]
    lead: list[Section]
    advice: list[Section]
    body: Markup | None
    details: list[Section]
    folded: list[Section]
    facts: list[Fact]
    research: research.Research | None
    around: neighbours.Neighbours
    organisations: list[OrganisationLink]
    contact: Mapping[str, Any] | None
    sources: list[dict[str, Any]]
    applied: list[str]
    is_confirmed: bool
    upkeep: list[Fact]
    sign_up: str | None
    may_go_to_partners: bool


def load(kennis: Kennis, session: Session, entry: public.PublicEntry, today: date) -> EntryPage:
    (view,) = reading.view(session, [entry.id])
    derived = derive(view, today)
    layout, schema = LAYOUTS[view.kind], kinds.schema(view.kind)
    content = rendering.shown_content(view, today)
    body = content.get("body")
    return EntryPage(
        kind=assessment.label("kinds", view.kind),
        kind_code=view.kind,
        title=content["title"],
        title_element=layout.title or content["title"],
        summary=content["summary"],
        summary_plain=content.get("summaryPlain"),
        is_example=facts.label(facts.field_of(schema, "isExample")) if content.get("isExample") else None,
        age=_age(view, derived),
        caution=caution.of(view.kind, content.get("contentWarnings", ())),
        layout=layout,
        urgent=facts.sections(schema, content, layout.urgent),
        websites=_websites(view) if layout.urgent else [],
        lead=facts.sections(schema, content, layout.lead),
        advice=facts.sections(schema, content, layout.advice),
        body=markup.from_markdown(body, top=3) if body else None,
        details=facts.sections(schema, content, layout.details),
        folded=facts.sections(schema, content, layout.folded),
        facts=[*facts.facts(schema, content, layout.facts), *_common_facts(schema, content)],
        research=research.of(view, derived, today),
        around=neighbours.around(kennis, session, entry, today),
        organisations=_named_once(_organisations(view)),
        contact=_contact(view),
        sources=[facts.described(facts.field_of(schema, "sources").inner.document, s) for s in _sources(content)],
        applied=list(_applied(view)),
        is_confirmed=bool(derived.is_confirmed),
        upkeep=list(_upkeep(view)),
        sign_up=markup.outward(content.get("url")),
        may_go_to_partners=view.partner_use,
    )


@dataclass(frozen=True, slots=True)
class Successor:
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """All that is told of an entry whose text is not offered any more."""

    kind: str
    title: str
    title_element: str
    status: str
    reason: str | None
    successor: Successor | None


def archived(session: Session, entry: public.PublicEntry, today: date) -> ArchivedPage:
    (stored,) = reading.view(session, [entry.id])
    view = expiry.as_read(stored, today)
    title = view.content["title"]
    return ArchivedPage(
        kind=assessment.label("kinds", view.kind),
        title=title,
        title_element=LAYOUTS[view.kind].title or title,
        status=assessment.label("statuses", view.status),
        reason=assessment.label("archive-reasons", view.archive_reason) if view.archive_reason else None,
        successor=_successor(session, view.replaced_by_id, today) if view.replaced_by_id else None,
    )


def _successor(session: Session, entry_id: str, today: date) -> Successor | None:
    """None when what came instead may not be shown any more either."""
    try:
        found = public.find_any(session, entry_id, today, partners=False)
    except (Gone, NotFound):
        return None
    (view,) = reading.view(session, [found.id])
    name = addresses.name_of(found.kind, found.id, found.slug)
    return Successor(view.content["title"], f"/{kinds.KINDS[found.kind].page}/{name}")


def _sources(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(content.get("sources", ()))


def _age(view: EntryView, derived: Derived) -> str:
    return cards.unchecked(view.checked_at) if derived.is_stale else ""


def _common_facts(schema: Any, content: Mapping[str, Any]) -> Iterator[Fact]:
    ages = dutch.ages(content.get("ageMin"), content.get("ageMax"))
    if ages:
        yield Fact(mapping().facets["ageBand"].labels["nl"], (ages,))
    yield from facts.facts(schema, content, COMMON_FACTS)
    if content["language"] != OWN_LANGUAGE:
        yield from facts.facts(schema, content, ("language",))


def _organisations(view: EntryView) -> Iterator[OrganisationLink]:
    for link in view.content.get("organisations", ()):
        organisation = view.organisations.get(link["organisationId"])
        if organisation is not None:
            yield OrganisationLink(
                name=organisation.name,
                role_code=link["role"],
                role=assessment.label("organisation-roles", link["role"]),
                address=f"/?organisation={organisation.slug}",
                note=link.get("note"),
                website=markup.outward(organisation.website),
            )


def _named_once(links: Iterable[OrganisationLink]) -> list[OrganisationLink]:
    """An organisation with more roles, with all of them."""
    found: dict[str, OrganisationLink] = {}
    for link in links:
        known = found.get(link.address)
        if known is not None:
            notes = filter(None, (known.note, link.note))
            link = replace(known, role=f"{known.role}, {link.role}", note="; ".join(notes) or None)
        found[link.address] = link
    return list(found.values())


def _websites(view: EntryView) -> list[OrganisationLink]:
    """Of the organisations that give it, but for those to which a channel leads already."""
    reached = {channel["value"] for channel in view.content.get("channels", ())}
    links = [link for link in _organisations(view) if link.role_code == PROVIDER]
    return [link for link in links if link.website and link.website not in reached]


def _contact(view: EntryView) -> Mapping[str, Any] | None:
    contact = view.content.get("contact")
    if contact is None:
        return None
    organisation = view.organisations.get(contact["organisationId"])
    name = organisation.name if organisation else None
    return {"email": None, "phone": None, **contact, "name": name, "url": markup.outward(contact.get("url"))}


def _applied(view: EntryView) -> Iterator[str]:
    for mark in view.approved_marks:
        organisation = view.organisations.get(mark["organisationId"])
        if organisation is not None:
            yield f"{organisation.name}, {dutch.day(mark['appliedOn'])}"


def _upkeep(view: EntryView) -> Iterator[Fact]:
    """When it was looked at, by whom, and what may be done with the text."""
    if view.checked_at:
        yield Fact("Gecontroleerd op", (dutch.day(view.checked_at),))
    yield Fact("Bijgewerkt op", (dutch.day(view.updated_at),))
    if view.review_due:
        yield Fact("Opnieuw controleren voor", (dutch.day(view.review_due),))
    for review in view.reviews:
        if not review["imported"]:
            track = vocabularies()["review-tracks"][review["track"]].labels["nl"]
            yield Fact("Beoordeeld", (f"{track}, {dutch.partial_day(review['reviewedOn'])}",))
    for code in view.passed_tracks:
        yield Fact("Beoordeeld", (vocabularies()["review-tracks"][code].extra["passed"],))
    contributor = view.content["contributor"]
    background = assessment.label("backgrounds", contributor["background"])
    yield Fact("Inzender", tuple(name for name in (contributor.get("displayName"), background) if name))
    yield Fact("Gebruiksrecht", (assessment.label("licences", view.content["licence"]),))
