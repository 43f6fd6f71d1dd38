"""Figures beside their goals, as one table on the standard output."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line; `is_met` is None for a figure without a goal."""

    name: str
    value: str
    goal: str = ""
    is_met: bool | None = None
    note: str = ""


def at_most(name: str, value: float, goal: float, unit: str, note: str = "") -> Figure:
    return Figure(name, f"{value:.2f}{unit}", f"<= {goal:g}{unit}", value <= goal, note)


def at_least(name: str, value: float, goal: float, unit: str, note: str = "") -> Figure:
    return Figure(name, f"{value:,.1f}{unit}", f">= {goal:g}{unit}", value >= goal, note)


def show(figures: Sequence[Figure]) -> str:
    marks = {True: "met", False: "NOT MET", None: ""}
    rows = [("figure", "measured", "goal", "", "note")]
    rows += [(f.name, f.value, f.goal, marks[f.is_met], f.note) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join([*(row[i].ljust(widths[i]) for i in range(4)), row[4]]).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
