"""SQLite FTS5 that finds what Kennis finds: the same tokens in the same fields, asked for in its own language.

Plain FTS5 finds words as they are written, which is another and smaller question: a seventh of the entries.
"""

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import combinations
from pathlib import Path

from kennis import clock
from kennis.search import limits
from kennis.search.answers import Find
from kennis.search.mapping import mapping
from kennis.search.port import AnyOf, Both, Condition, FieldValue, IndexDocument, Within
from kennis.search.tree import And, Constant, DisMax, FieldPhrase, FieldTerm, MinShould, Node, Not, Or, Scored, Weighted
from tools.bench import data, installed, rivals
from tools.bench.data import Corpus
from tools.bench.recording import Asked, that_gave_the_page

# Where words and codes are sought; the rest of the index sorts and limits.
FIELDS = tuple(
    field.name
    for field in mapping().fields.values()
    if field.name in mapping().facets or field.name == "exactNames" or field.type == "text"
)
TABLE = f"""
create virtual table alike_fts using fts5({", ".join(FIELDS)}, content='', tokenize='unicode61 remove_diacritics 0');
"""
BATCH = 500


def tables(corpus: Corpus) -> Path:
    """The tables of the rivals with one more: what the engine of Kennis holds of each entry. Made once per
    installation, in minutes for 100,000."""
    if not corpus.alike.exists():
        with data.unfinished(corpus.alike) as draft:
            shutil.copyfile(rivals.tables(corpus), draft)
            with closing(sqlite3.connect(draft)) as connection, connection:
                connection.execute(TABLE)
                numbers = dict(connection.execute("select id, rowid from entries"))
                marks = ", ".join("?" * len(FIELDS))
                statement = f"insert into alike_fts(rowid, {', '.join(FIELDS)}) values (?, {marks})"  # nosec B608
                for found in _documents(corpus):
                    columns = [_text(found.fields.get(field)) for field in FIELDS]
                    connection.execute(statement, (numbers[found.id], *columns))
                connection.execute("insert into alike_fts(alike_fts) values ('optimize')")
    return corpus.alike


def _documents(corpus: Corpus) -> Iterator[IndexDocument]:
    """What every search may show today."""
    today = clock.today()
    left_out = limits.excluded(Find(), today)
    for made in installed.documents(installed.installation(corpus), today):
        yield from (one for one in made if not any(_holds(condition, one) for condition in left_out))


def _holds(condition: Condition, found: IndexDocument) -> bool:
    match condition:
        case AnyOf(field, values):
            held = found.fields.get(field)
            return any(value in values for value in (held if isinstance(held, list) else [held]))
        case Within(field, least, most):
            value = found.fields.get(field)
            return isinstance(value, int) and (least or value) <= value <= (most or value)
        case Both(conditions):
            return all(_holds(inner, found) for inner in conditions)


def _text(value: FieldValue | None) -> str:
    tokens = value if isinstance(value, list) else str(value or "").split()
    return " ".join(_word(str(token)) for token in tokens)


def _word(token: str) -> str:
    """One word for FTS5, whatever signs and spaces a token has."""
    return "".join(sign if sign.isalnum() else f"q{ord(sign):x}q" for sign in token)


def expression(asked: Asked) -> str:
    """What finds the entries of the request that gave the page, as FTS5 wants to be asked; orders nothing."""
    return _found(that_gave_the_page(asked).tree)


def _found(node: Node) -> str:
    match node:
        case Scored(clause) | Weighted(clause) | Constant(clause):
            return _found(clause)
        case FieldTerm(field, term):
            return f'{field} : "{_word(term)}"'
        case FieldPhrase(field, terms):
            return f'{field} : "{" ".join(map(_word, terms))}"'
        case Or(clauses) | DisMax(clauses):
            return _either(clauses)
        case And(clauses):
            wanted = " AND ".join(_found(c) for c in clauses if not isinstance(c, Not))
            unwanted = [_found(c.clause) for c in clauses if isinstance(c, Not)]
            return f"({wanted} NOT ({' OR '.join(unwanted)}))" if unwanted else f"({wanted})"
        case MinShould(clauses, minimum):
            return _either([And(some) for some in combinations(clauses, minimum)])
    raise TypeError(f"no expression for {type(node).__name__}")


def _either(clauses: Sequence[Node]) -> str:
    """A word in several fields is asked for once, which is how FTS5 does it best."""
    flat = list(_flat(clauses))
    fields: dict[str, list[str]] = defaultdict(list)
    for clause in flat:
        if isinstance(clause, FieldTerm):
            fields[_word(clause.term)].append(clause.field)
    several = [f'{{{" ".join(dict.fromkeys(names))}}} : "{word}"' for word, names in fields.items()]
    return f"({' OR '.join([*several, *(_found(c) for c in flat if not isinstance(c, FieldTerm))])})"


def _flat(clauses: Sequence[Node]) -> Iterator[Node]:
    for clause in clauses:
        while isinstance(clause, (Scored, Weighted, Constant)):
            clause = clause.clause
        if isinstance(clause, (Or, DisMax)):
            yield from _flat(clause.clauses)
        else:
            yield clause
