"""JSON Merge Patch (RFC 7396)."""

from collections.abc import Mapping
from typing import Any

from kennis.errors import Invalid, Problem, Text

# Documents of Kennis are four levels deep; a patch that goes further than this is none of ours (guess).
DEEPEST = 20
_TOO_DEEP = Text("De inhoud is te diep genest.", "The body is nested too deep.")


def merged(target: Any, patch: Any, levels: int = DEEPEST) -> Any:
    """The document after the patch; null removes, a list replaces the whole list. Nothing given is changed."""
    if not isinstance(patch, Mapping):
        return patch
    if not levels:
        raise Invalid([Problem(_TOO_DEEP, pointer="")])
    made = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = merged(made.get(name), value, levels - 1)
    return made
