"""What every search leaves out, on this day and for this surface: conditions that bind hits and counts alike."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from kennis.content import kinds
from kennis.errors import Invalid, Problem, Text
from kennis.search.answers import Find, Surface
from kennis.search.document import as_number
from kennis.search.mapping import mapping
from kennis.search.port import AnyOf, Both, Condition, Within

# Leaving out the few says the same as asking for the many, and costs next to nothing.
NOT_FOR_PARTNERS = AnyOf("partnerUse", (False,))


def always(surface: Surface, today: date) -> tuple[Condition, ...]:
    """Left out whatever is asked: what left all results by now, and what may not go to partners."""
    hidden = Within("hiddenFrom", None, as_number(today))
    return (hidden,) if surface == "pages" else (hidden, NOT_FOR_PARTNERS)


def excluded(ask: Find, today: date) -> tuple[Condition, ...]:
    """With the rule on expired entries (content-model.md 5.5)."""
    expired = Within("expiresOn", None, as_number(today))
    if ask.include_expired is None:
        rule: tuple[Condition, ...] = (Both((expired, AnyOf("kind", left_out_when_expired()))),)
    else:
        rule = () if ask.include_expired else (expired,)
    return (*always(ask.surface, today), *(rule if left_out_when_expired() or ask.include_expired is False else ()))


@cache
def left_out_when_expired() -> tuple[str, ...]:
    """Kinds that are shown when expired only on request."""
    return tuple(code for code, kind in kinds.KINDS.items() if kind.is_left_out_when_expired)


def required(ask: Find) -> tuple[Condition, ...]:
    days = {"updated": ask.updated_since, "published": ask.published_since}
    return tuple(Within(field, as_number(day), None) for field, day in days.items() if day is not None)


def selections(filters: Mapping[str, tuple[str, ...]]) -> tuple[AnyOf, ...]:
    """In the order of the mapping, values in their own; Invalid for a name that is no facet. An unknown value
    finds nothing: the surface checks codes, for it knows how to name the nearest."""
    unknown = [name for name in filters if name not in mapping().facets]
    if unknown:
        raise Invalid(
            [
                Problem(Text(f"Er is geen filter {name}.", f"There is no filter {name}."), parameter=name)
                for name in unknown
            ]
        )
    return tuple(AnyOf(name, tuple(dict.fromkeys(filters[name]))) for name in mapping().facets if filters.get(name))
