"""What moves entries up beside their words: extras that add to the score and never change what is found.

Constants only, for both engines add them alike (search.md 6). Words give up to some 100 each (clauses.py); the tiers
below stand so far apart that words never lift an entry from one into the next.
"""

from collections.abc import Sequence
from functools import cache

from kennis.content import kinds
from kennis.search import analysis
from kennis.search.document import COMPLETENESS_STEPS, OF_ORGANISATION
from kennis.search.needs import Kind as Need
from kennis.search.tree import And, Constant, FieldTerm, MatchAll, Node, Not, Or, Scored
from kennis.search.understood import AUDIENCE_OF

# A stub never stands above a full entry, whatever its title repeats (content-model.md T11).
FULL = 1000.0
# A programme for perpetrators stands below all else when a victim or a bystander asks (T22).
NOT_FOR_PERPETRATORS = 2500.0
# Help for people themselves stands above every programme when somebody asks for themselves (T22), and first of it
# what says that it is for who asks.
HELP, HELP_FOR_YOU = 5000.0, 1500.0
# A query that is the name of an entry puts it first, then entries of an organisation of that name (T10).
EXACT_NAME, EXACT_ORGANISATION = 8000.0, 4000.0
# Each step of completeness; together less than one word in a body, so that words decide (guess).
COMPLETENESS_STEP = 0.05
PERPETRATOR, VICTIM = "pleger", "slachtoffer"
# What is written for bystanders, when a bystander asks: about as much as a topic (synonyms.py; guess).
FOR_BYSTANDERS, BYSTANDER = 12.0, "omstander"


def ranked(tree: Node, text: str, need: Need | None) -> Node:
    """The tree with its extras. `need` is whose need the words or the audience chosen tell, if any."""
    extras = [*_completeness(), *_exact_names(text)]
    if need is not None:
        extras += _help_first(need)
    return Scored(tree, tuple(extras))


@cache
def _completeness() -> tuple[Node, ...]:
    return tuple(
        Constant(FieldTerm("completenessBand", str(step)), FULL + (step - 1) * COMPLETENESS_STEP)
        for step in range(1, COMPLETENESS_STEPS + 1)
    )


def _exact_names(text: str) -> list[Node]:
    name = analysis.exact_name(text)
    if not name:
        return []
    return [
        Constant(FieldTerm("exactNames", name), EXACT_NAME),
        Constant(FieldTerm("exactNames", OF_ORGANISATION + name), EXACT_ORGANISATION),
    ]


def _help_first(need: Need) -> list[Node]:
    offers = Or(tuple(FieldTerm("kind", code) for code in for_people()))
    extras: list[Node] = [
        Constant(offers, HELP),
        Constant(And((offers, FieldTerm("audience", AUDIENCE_OF[need]))), HELP_FOR_YOU),
    ]
    if need == "bystander":
        extras.append(Constant(FieldTerm("targetGroup", BYSTANDER), FOR_BYSTANDERS))
    if need != "perpetrator":
        only_perpetrators = And((FieldTerm("targetGroup", PERPETRATOR), Not(FieldTerm("targetGroup", VICTIM))))
        extras.append(Constant(And((MatchAll(), Not(only_perpetrators))), NOT_FOR_PERPETRATORS))
    return extras


@cache
def for_people() -> tuple[str, ...]:
    """Kinds that are help for people themselves."""
    return tuple(code for code, kind in kinds.KINDS.items() if kind.has_channels)


def need_of(said: Need | None, audiences: Sequence[str]) -> Need | None:
    """Whose need it is: the personal audience that was chosen counts more than what the words seem to say."""
    return next((need for need, audience in AUDIENCE_OF.items() if audience in audiences), said)
