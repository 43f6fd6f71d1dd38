"""Which organisations a document names, and where: one list for linking, checking and re-rendering."""

from collections.abc import Iterator, Mapping
from typing import Any

# Who checked a help offer, when that was no organisation.
EDITORS = "editors"

# (list property, property of its items that holds an organisation id)
_IN_LISTS = (("organisations", "organisationId"), ("recognitions", "bodyId"))
# (object property, property in it that holds an organisation id)
_IN_OBJECTS = (("contact", "organisationId"), ("contributor", "organisationId"), ("followUp", "by"))


def organisations(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(JSON pointer, organisation id) for every place that names one, repeats included."""
    for outer, inner in _IN_LISTS:
        for position, item in enumerate(content.get(outer, ())):
            yield f"/{outer}/{position}/{inner}", item[inner]
    for outer, inner in _IN_OBJECTS:
        named = content.get(outer, {}).get(inner)
        if named is not None:
            yield f"/{outer}/{inner}", named


def renamed(content: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    """The document with other ids for these organisations."""
    made = dict(content)
    for outer, inner in _IN_LISTS:
        if outer in made:
            made[outer] = [{**item, inner: ids.get(item[inner], item[inner])} for item in made[outer]]
    for outer, inner in _IN_OBJECTS:
        if inner in made.get(outer, {}):
            made[outer] = {**made[outer], inner: ids.get(made[outer][inner], made[outer][inner])}
    return made


def organisation_ids(content: Mapping[str, Any]) -> set[str]:
    """As `organisations`, without the places: several times per entry of an import."""
    found = {item[inner] for outer, inner in _IN_LISTS if outer in content for item in content[outer]}
    found.update(content.get(outer, {}).get(inner) for outer, inner in _IN_OBJECTS)
    found.discard(None)
    return found
