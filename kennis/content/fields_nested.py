"""Documents as strict marshmallow schemas, read in one walk that finds every fault at once.

`ContentSchema.load` replaces marshmallow's own pass: the same fields and the same ValidationError at a part of the
price, and null counts as absent everywhere. A draft is a subclass in which only the properties of `needed` are
required (`kennis.content.kinds.schema`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, ClassVar, cast

from marshmallow import RAISE, Schema, ValidationError, fields, missing

from kennis import clock
from kennis.content.fields import LONGEST_ECHO, ContentField, Weight, refuse
from kennis.content.nearest import nearest_name
from kennis.errors import Problem, Text

# Where in the document, and what is wrong there.
Fault = tuple[tuple[str | int, ...], Text]
Document = dict[str, Any]
# A rule about several fields; it must bear their absence, for drafts and faulty documents pass it too.
Check = Callable[[Document], Iterable[Fault]]
Rule = Callable[[Document, date], Iterable[Fault]]

REQUIRED = Text("Dit veld is verplicht.", "This property is required.")
READ_ONLY = Text("Dit veld vult Kennis zelf in.", "Kennis fills this property in itself.")
NOT_AN_OBJECT = Text("Dit moet een object zijn.", "This must be an object.")
TWICE = Text("Dit staat er al eerder.", "This stands there twice.")
_SCHEMA = "_schema"
# Unknown properties of one object: more are no slips of the hand, and to look for what each resembles takes half a
# millisecond (guess).
MOST_SLIPS = 5


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def put(faults: Document, path: tuple[str | int, ...], text: Text) -> None:
    """Add one fault to marshmallow's tree of messages, beside those that stand there."""
    node: Any = faults
    for step in path[:-1]:
        below = node.setdefault(step, {})
        if isinstance(below, list):
            below = node[step] = {_SCHEMA: below}
        node = below
    last = path[-1] if path else _SCHEMA
    here = node.setdefault(last, [])
    (here.setdefault(_SCHEMA, []) if isinstance(here, dict) else here).append(text)


def problems(messages: Any, pointer: str = "") -> Iterator[Problem]:
    """Marshmallow's tree of messages as problems with an RFC 6901 pointer, in the order of the tree."""
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            step = "" if key == _SCHEMA else "/" + str(key).replace("~", "~0").replace("/", "~1")
            yield from problems(below, pointer + step)
    elif isinstance(messages, list):
        for message in messages:
            yield from problems(message, pointer)
    else:
        text = messages if isinstance(messages, Text) else Text(str(messages), str(messages))
        yield Problem(text, pointer=pointer)


class ContentSchema(Schema):
    """A document in camelCase JSON; what it loads is the same document, trimmed and normalised."""

    class Meta:
        unknown = RAISE

    # Properties of answers that a body may hold, so that what was read can be sent back.
    ignored: ClassVar[frozenset[str]] = frozenset()
    # Properties that exist in answers and that Kennis sets itself.
    system: ClassVar[frozenset[str]] = frozenset()
    # Named: required even so. None: everything that is declared required is.
    needed: ClassVar[frozenset[str] | None] = None
    checks: ClassVar[tuple[Check, ...]] = ()
    rules: ClassVar[tuple[Rule, ...]] = ()
    # Rules that ask for something a draft may still lack.
    whole: ClassVar[tuple[Rule, ...]] = ()

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        name = camel(field_name)
        field_obj.data_key = field_obj.attribute = name
        if self.needed is not None and name not in self.needed:
            field_obj.required = False
            if isinstance(field_obj, Many):
                field_obj.least = 0
        cast(ContentField, field_obj).prepare()

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        bound = cast("dict[str, ContentField]", self.load_fields)
        self.plan = tuple((camel(n), f.parse, f.required, f.default) for n, f in bound.items())
        self.names = frozenset(key for key, *_ in self.plan)

    def load(self, data: Any, *, many: bool | None = None, **_options: Any) -> Any:
        """Options such as `partial` and `unknown` are not heeded: a document is strict wherever it comes from."""
        if self.many if many is None else many:
            return [self.parse(item, clock.today()) for item in data]
        return self.parse(data, clock.today())

    def parse(self, data: Any, today: date) -> Document:
        """The normalised document, or a ValidationError with all faults and what was sound in `valid_data`."""
        document, faults = self.walk(data)
        for rule in (*self.rules, *self.whole):
            for path, text in rule(document, today):
                put(faults, path, text)
        if faults:
            raise ValidationError(faults, valid_data=document)
        return document

    def walk(self, data: Any) -> tuple[Document, Document]:
        """The sound part of the document and its faults by property; rules that need a day are left to `parse`."""
        # What JSON gives is a dict, and asking whether something is a Mapping costs as much as a field.
        if type(data) is not dict and not isinstance(data, Mapping):
            raise ValidationError([NOT_AN_OBJECT])
        document: Document = {}
        faults: Document = {}
        for key, parse, required, default in self.plan:
            value = data.get(key)
            if value is None:
                if default is not None:
                    document[key] = list(default) if isinstance(default, list) else default
                elif required:
                    faults[key] = [REQUIRED]
                continue
            try:
                parsed = parse(value)
            except ValidationError as error:
                faults[key] = error.messages
                continue
            if parsed is not None:
                document[key] = parsed
            elif default is not None:
                document[key] = list(default)
        if not data.keys() <= self.names:
            self._refuse_unknown(data, faults)
        self.settle(document)
        for check in self.checks:
            for path, text in check(document):
                put(faults, path, text)
        return document, faults

    def settle(self, document: Document) -> None:
        """Fill in and drop what the model says is worked out on saving; called before the checks."""

    def fill(self, document: Document, name: str, value: Any) -> None:
        """Set a property where the model has it, so that stored documents keep one order."""
        document[name] = value
        ordered = {key: document[key] for key, *_ in self.plan if key in document}
        document.clear()
        document.update(ordered)

    def _refuse_unknown(self, data: Mapping[str, Any], faults: Document) -> None:
        unknown = [name for name in data if name not in self.names and name not in self.ignored]
        for name in unknown:
            fault = READ_ONLY if name in self.system else self._unknown(str(name), len(unknown))
            faults.setdefault(str(name), []).append(fault)

    def _unknown(self, name: str, count: int) -> Text:
        shown = name[:LONGEST_ECHO]
        close = nearest_name(name, self.names) if count <= MOST_SLIPS else None
        if close is None:
            return Text(f"“{shown}” bestaat hier niet.", f"There is no “{shown}” here.")
        return Text(
            f"“{shown}” bestaat hier niet; bedoelt u “{close}”?",
            f"There is no “{shown}” here; did you mean “{close}”?",
        )


@cache
def part(schema: type[ContentSchema]) -> ContentSchema:
    """One instance per sub-object for the whole process: making one costs 270 µs."""
    return schema()


class Part(fields.Nested):
    """One sub-object."""

    def __init__(self, schema: type[ContentSchema], label: str, *, required: bool = False, **facts: Any) -> None:
        super().__init__(schema, required=required, metadata={"title": label, **facts})
        self.default = None
        self.weight: Weight | None = None

    @property
    def document(self) -> ContentSchema:
        return part(cast("type[ContentSchema]", self.nested))

    def prepare(self) -> None:
        self.walk = self.document.walk

    def parse(self, value: Any) -> Document:
        document, faults = self.walk(value)
        if faults:
            raise ValidationError(faults)
        return document

    def _deserialize(self, value: Any, *_where: Any, **_options: Any) -> Any:
        return self.parse(value)


def _identity(item: Any) -> str:
    return item.casefold() if isinstance(item, str) else repr(item)


class Many(fields.List[Any]):
    """A list of `least` to `most` items without duplicates; an optional list that is empty is left out.

    `unique` names the properties that two sub-objects may not share; without it they may not be equal.
    """

    def __init__(
        self,
        inner: ContentField | Part,
        label: str,
        least: int,
        most: int,
        *,
        required: bool | None = None,
        default: list[Any] | None = None,
        unique: tuple[str, ...] = (),
        **facts: Any,
    ) -> None:
        super().__init__(
            cast("fields.Field[Any]", inner),
            required=(least > 0 and default is None) if required is None else required,
            load_default=missing if default is None else default,
            metadata={"title": label, "minItems": least, "maxItems": most, "uniqueItems": True, **facts},
        )
        self.least, self.most, self.default, self.unique = least, most, default, unique
        self.weight = inner.weight

    def prepare(self) -> None:
        inner = cast("ContentField | Part", self.inner)
        inner.prepare()
        self.parse_item = inner.parse
        self.metadata = {**self.metadata, "minItems": self.least}

    def parse(self, value: Any) -> list[Any] | None:
        if not isinstance(value, list):
            raise refuse("Dit moet een lijst zijn.", "This must be a list.")
        if not self.least <= len(value) <= self.most:
            raise self._wrong_length(len(value))
        items: list[Any] = []
        faults: dict[int, Any] = {}
        for index, item in enumerate(value):
            try:
                items.append(self.parse_item(item))
            except ValidationError as error:
                faults[index] = error.messages
        if len(items) > 1 and not faults:
            self._refuse_doubles(items, faults)
        if faults:
            raise ValidationError(cast("dict[str, Any]", faults))
        return items or None

    def _refuse_doubles(self, items: list[Any], faults: dict[int, Any]) -> None:
        names = self.unique
        keys = [tuple(i.get(n) for n in names) for i in items] if names else [_identity(i) for i in items]
        if len(set(keys)) == len(keys):
            return
        seen: set[Any] = set()
        for index, key in enumerate(keys):
            if key in seen:
                faults[index] = [TWICE]
            seen.add(key)

    def _wrong_length(self, count: int) -> ValidationError:
        if count < self.least:
            if self.least == 1:
                return refuse("Geef er minstens één.", "Give at least one.")
            return refuse(f"Geef er minstens {self.least}.", f"Give at least {self.least}.")
        return refuse(f"Geef er hoogstens {self.most}.", f"Give at most {self.most}.")

    def _deserialize(self, value: Any, *_where: Any, **_options: Any) -> Any:
        return self.parse(value)
