"""More like this: entries that share a topic, the more the better, then words and target groups."""

from kennis.content.views import EntryView
from kennis.search import analysis
from kennis.search.tree import And, Constant, DisMax, FieldTerm, Node, Not, Or, Scored

# A shared topic says more than a shared target group, and both more than one word: the scale of a word's score is
# about 1 to 10 (guesses, looked at over the seed).
TOPIC_SCORE, TARGET_GROUP_SCORE = 6.0, 2.0
FIELDS = (("title", 1.0), ("names", 1.0), ("summary", 0.6), ("body", 0.2))
# Beyond this many words of title and summary nothing changes but the time it takes (guess).
MOST_WORDS = 25


def like(view: EntryView) -> Node:
    """Finds what shares a topic of the entry, itself left out."""
    content = view.content
    shares: tuple[Node, ...] = tuple(
        Constant(FieldTerm("topic", code), TOPIC_SCORE) for code in content.get("topics", ())
    )
    groups: tuple[Node, ...] = tuple(
        Constant(FieldTerm("targetGroup", code), TARGET_GROUP_SCORE) for code in content.get("targetGroups", ())
    )
    found = And((Or(shares), Not(FieldTerm("id", view.id))))
    return Scored(found, (*groups, *(_word(w) for w in _words(view))))


def _words(view: EntryView) -> list[str]:
    text = " ".join((view.content["title"], view.content.get("summary", "")))
    return list(dict.fromkeys(analysis.analyze_words(text)))[:MOST_WORDS]


def _word(term: str) -> Node:
    return DisMax(tuple(FieldTerm(field, term, boost) for field, boost in FIELDS), 0.0)
