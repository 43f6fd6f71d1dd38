"""Fields for numbers, answers, ids and moments; they keep the JSON value and refuse in two languages."""

import re
from datetime import UTC, date, datetime
from typing import Any

from kennis.content.fields import ContentField, refuse
from kennis.content.fields_dates import first_day

EARLIEST_YEAR = 1900
# Later than any date an entry can mean; keeps four digits and catches typing errors such as 3026: guess.
LATEST_YEAR = 2199
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PARTIAL = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Int(ContentField):
    """A whole number; 4.0 is one, as JSON Schema says, and true is not."""

    def __init__(self, label: str, least: int, most: int, **options: Any) -> None:
        super().__init__(label, type="integer", minimum=least, maximum=most, **options)
        self.least, self.most = least, most

    def parse(self, value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if type(value) is not int or not self.least <= value <= self.most:
            raise refuse(
                f"Dit moet een heel getal zijn van {self.least} tot en met {self.most}.",
                f"This must be a whole number from {self.least} to {self.most}.",
            )
        return value


class Number(ContentField):
    def __init__(self, label: str, least: float, most: float, **options: Any) -> None:
        super().__init__(label, type="number", minimum=least, maximum=most, **options)
        self.least, self.most = least, most

    def parse(self, value: Any) -> int | float:
        if type(value) not in (int, float) or not self.least <= value <= self.most:
            raise refuse(
                f"Dit moet een getal zijn van {self.least:g} tot en met {self.most:g}.",
                f"This must be a number from {self.least:g} to {self.most:g}.",
            )
        return value  # type: ignore[no-any-return]


class Flag(ContentField):
    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, type="boolean", **options)

    def parse(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise refuse("Dit moet true of false zijn.", "This must be true or false.")
        return value


class Uuid(ContentField):
    """An id, kept in lower case."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, type="string", format="uuid", **options)

    def parse(self, value: Any) -> str:
        if isinstance(value, str) and _UUID.fullmatch(text := value.lower()):
            return text
        raise refuse("Dit moet een UUID zijn.", "This must be a UUID.")


class OrganisationId(Uuid):
    """The id of an organisation: answers label it with the name."""


def _is_real(year: str, month: str, day: str) -> bool:
    try:
        return EARLIEST_YEAR <= date(int(year), int(month), int(day)).year <= LATEST_YEAR
    except ValueError:
        return False


class Day(ContentField):
    """A date without a time: `2026-11-01`."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, type="string", format="date", **options)

    def parse(self, value: Any) -> str:
        if isinstance(value, str) and _DAY.fullmatch(value) and _is_real(value[:4], value[5:7], value[8:]):
            return value
        raise refuse("Dit moet een datum zijn als 2026-11-01.", "This must be a date such as 2026-11-01.")


class PartialDate(ContentField):
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD`, kept as given; compared as its first day."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, type="string", pattern=f"^{_PARTIAL.pattern}$", **options)

    def parse(self, value: Any) -> str:
        if isinstance(value, str) and _PARTIAL.fullmatch(value):
            whole = first_day(value)
            if _is_real(whole[:4], whole[5:7], whole[8:]):
                return value
        raise refuse(
            "Dit moet een jaar, maand of datum zijn: 2016, 2016-09 of 2016-09-01.",
            "This must be a year, month or date: 2016, 2016-09 or 2016-09-01.",
        )


class Moment(ContentField):
    """A date-time with any offset, kept in UTC and to the second: `2027-03-04T08:30:00Z`."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, type="string", format="date-time", **options)

    def parse(self, value: Any) -> str:
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            try:
                moment = datetime.fromisoformat(value.upper()).astimezone(UTC)
            except (ValueError, OverflowError):
                moment = datetime.min.replace(tzinfo=UTC)
            if EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
                return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        raise refuse(
            "Dit moet een tijdstip met tijdzone zijn, zoals 2027-03-04T09:30:00+01:00.",
            "This must be a date-time with an offset, such as 2027-03-04T09:30:00+01:00.",
        )


# ISO 3166-1 alpha-2, in lower case.
_COUNTRIES = (
    "ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv bw by "
    "bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et fi fj fk "
    "fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir "
    "is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk "
    "ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm "
    "pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st sv sx sy sz tc td tf "
    "tg th tj tk tl tm tn to tr tt tv tw tz ua ug um us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw "
)
COUNTRIES = frozenset(_COUNTRIES.split())


class Country(ContentField):
    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, type="string", pattern="^[a-z]{2}$", example="nl", **options)

    def parse(self, value: Any) -> str:
        if isinstance(value, str) and value in COUNTRIES:
            return value
        raise refuse("Dit moet een landcode zijn als nl.", "This must be a country code such as nl.")
