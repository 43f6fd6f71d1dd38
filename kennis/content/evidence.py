"""Recognition and research: the leading recognition, the best study and the evidence band (content-model.md 5.3-5.4).

Pure functions of stored content and the day. Dates are ISO strings, which compare as dates.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from kennis.content.fields_dates import first_day
from kennis.content.vocabulary import vocabularies

Recognition = Mapping[str, Any]
Study = Mapping[str, Any]

HARM, NO_EFFECT, NOT_ASSESSED = -2, -1, 0
# From this band on a level says that research found an effect.
FIRST_EFFECT_BAND = 3
# A term ends only what still held; what is being reassessed or was revoked keeps its own word.
_ENDS_BY_TERM = frozenset({"geldig", "onder-voorbehoud"})
_BADNESS = {"positive": 0, "mixed": 1, "none": 2, "harmful": 3}
# Added to ten times the band (content-model.md 5.4).
_RANK_OF_STATUS = {"geldig": 9, "onder-voorbehoud": 4, "in-herbeoordeling": 4}
FOREIGN_FACET, NOT_ASSESSED_FACET = "buitenlands", "niet-beoordeeld"
REFUSED = "niet-erkend"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What bodies and studies say together; `status` is the effective one of the leading recognition."""

    band: int
    direction: str
    has_conflict: bool
    leading: Recognition | None
    status: str | None

    @property
    def facet(self) -> str:
        """The value under which the facet `recognition` counts the entry."""
        if self.leading is None:
            return NOT_ASSESSED_FACET
        return str(self.leading.get("level", FOREIGN_FACET))

    @property
    def status_facet(self) -> str | None:
        """The value under which the facet `recognitionStatus` counts the entry: unlike `status` (content-model.md 5.3)
        none for a refusal, because who asks for valid recognitions must not find what was assessed and refused."""
        return None if self.facet == REFUSED else self.status

    @property
    def rank(self) -> int:
        """Within a band what is valid comes first; a refusal, however valid, stands with what nobody assessed."""
        return 10 * (self.band + 3) + _RANK_OF_STATUS.get(self.status_facet or "", 0)


@cache
def _levels() -> Mapping[str, int]:
    return {t.code: t.level for t in vocabularies()["recognition-levels"] if t.level is not None}


@cache
def _crosswalks() -> Mapping[str, Mapping[str, int]]:
    schemes = vocabularies()["recognition-schemes"]
    return {s.code: {k.casefold(): v for k, v in s.extra.get("crosswalk", {}).items()} for s in schemes}


@cache
def _effect_ranks() -> Mapping[str, int]:
    types = vocabularies()["evidence-types"]
    return {t.code: t.extra["effectRank"] for t in types if t.extra.get("effectRank")}


def effective_status(recognition: Recognition, today: date) -> str:
    """The stored status, or `verlopen` once the term of a valid one has passed."""
    status: str = recognition["status"]
    return "verlopen" if status in _ENDS_BY_TERM and has_ended(recognition, today) else status


def has_ended(recognition: Recognition, today: date) -> bool:
    return bool(recognition.get("validUntil", "9999") < today.isoformat())


def band_of(recognition: Recognition) -> int:
    """The band of one level; a foreign wording that the crosswalk does not know counts as not assessed."""
    level = recognition.get("level")
    if level is not None:
        return _levels().get(level, NOT_ASSESSED)
    crosswalk = _crosswalks().get(recognition["scheme"], {})
    return crosswalk.get(str(recognition.get("foreignLevel", "")).casefold(), NOT_ASSESSED)


def leading_recognition(recognitions: Iterable[Recognition], today: date) -> Recognition | None:
    """The best of those that stand."""
    return max(standing(recognitions), key=lambda r: _precedence(r, today), default=None)


def standing(recognitions: Iterable[Recognition]) -> list[Recognition]:
    """The newest per body and scheme, without revoked ones, so that none revives an older one."""
    newest: dict[tuple[str, str], Recognition] = {}
    for recognition in recognitions:
        key = recognition["bodyId"], recognition["scheme"]
        held = newest.get(key)
        if held is None or first_day(recognition["awarded"]) > first_day(held["awarded"]):
            newest[key] = recognition
    return [r for r in newest.values() if r["status"] != "ingetrokken"]


def _precedence(recognition: Recognition, today: date) -> tuple[bool, bool, str, int]:
    return (
        "level" in recognition,
        not has_ended(recognition, today),
        first_day(recognition["awarded"]),
        band_of(recognition),
    )


def best_study(evidence: Iterable[Study]) -> Study | None:
    """The strongest design, then the newest, then the worst outcome, among studies of effect that say something."""
    telling = [e for e in evidence if e["type"] in _effect_ranks() and e["direction"] in _BADNESS]
    return max(telling, key=_strength, default=None)


def _strength(study: Study) -> tuple[int, int, int]:
    return _effect_ranks()[study["type"]], study["year"], _BADNESS[study["direction"]]


def assess(content: Mapping[str, Any], today: date) -> Assessment:
    evidence: Sequence[Study] = content.get("evidence", ())
    leading = leading_recognition(content.get("recognitions", ()), today)
    study = best_study(evidence)
    override = content.get("evidenceBandOverride")
    band, has_conflict = (override["band"], False) if override else _band(leading, study, evidence)
    status = effective_status(leading, today) if leading else None
    return Assessment(
        band=band,
        direction=study["direction"] if study else "unknown",
        has_conflict=has_conflict,
        leading=leading,
        status=status,
    )


def _band(leading: Recognition | None, study: Study | None, evidence: Iterable[Study]) -> tuple[int, bool]:
    """The table of content-model.md 5.4 from its second row on: band and conflict, the first row that fits."""
    level = band_of(leading) if leading else NOT_ASSESSED
    if level == HARM or any(e["direction"] == "harmful" and e["type"] in _effect_ranks() for e in evidence):
        return HARM, False
    awarded = int(leading["awarded"][:4]) if leading else 0
    if study is not None and study["direction"] == "none":
        # A level of effect given in or after the year of the study was given by a body that knew it.
        knew_it = level >= FIRST_EFFECT_BAND and awarded >= study["year"]
        return (level, True) if knew_it else (NO_EFFECT, False)
    is_dutch = leading is not None and "level" in leading
    is_newer_and_mixed = study is not None and study["direction"] == "mixed" and study["year"] > awarded
    return level, is_dutch and is_newer_and_mixed and level >= FIRST_EFFECT_BAND
