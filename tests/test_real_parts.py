"""Real parts that are not there: skipped for a newcomer, a failure in CI, in one way for all of them."""

import re

import pytest

from tests import real_parts
from tests.source import ROOT


def test_a_missing_server_is_skipped_and_in_ci_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KENNIS_TEST_NOTHING", raising=False)
    for ci, outcome in (("", pytest.skip.Exception), ("true", pytest.fail.Exception)):
        monkeypatch.setenv("CI", ci)
        with pytest.raises(outcome, match="no thing: start one with `make thing` and set KENNIS_TEST_NOTHING"):
            real_parts.setting("KENNIS_TEST_NOTHING", "thing", "make thing")
    monkeypatch.setenv("KENNIS_TEST_NOTHING", "there")
    assert real_parts.setting("KENNIS_TEST_NOTHING", "thing", "make thing") == "there"


def test_nothing_that_ci_must_have_is_skipped_there() -> None:
    """Other reasons to skip are no part that could be installed, and are listed here."""
    allowed = {
        "tests/seed/test_seed.py": 2,  # documents that are not in the repository
        "tests/unit/content/test_seeding.py": 1,
        "tests/unit/cli/test_front.py": 1,  # another operating system
        "tests/test_house_rules.py": 1,
        "tests/search/test_elastic.py": 1,  # run on a second server with users
        "tests/unit/stories/test_privacy.py": 1,  # no lock file names it
        "tests/real_parts.py": 1,
    }
    found: dict[str, int] = {}
    for file in sorted((ROOT / "tests").rglob("*.py")):
        text, name = file.read_text("utf-8"), file.relative_to(ROOT).as_posix()
        if name != "tests/test_real_parts.py" and (count := len(re.findall(r"pytest\.skip\(|skipif", text))):
            found[name] = count
    assert found == allowed
