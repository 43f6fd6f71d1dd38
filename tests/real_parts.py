"""Real servers and programs that a newcomer need not have and CI must. What is proven on them is skipped for the one,
with the reason, and fails for the other."""

import os
from typing import NoReturn

import pytest


def missing(told: str) -> NoReturn:
    """`told`: what is not there, and how to get it."""
    if os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)


def setting(variable: str, what: str, how: str) -> str:
    """Of a server that was started before the tests."""
    return os.environ.get(variable) or missing(f"no {what}: start one with `{how}` and set {variable} as it prints")
