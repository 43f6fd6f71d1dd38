"""What somebody most likely meant by a name that does not exist."""

import pytest

from kennis.content.nearest import LONGEST, nearest_name

NAMES = ("page", "pageSize", "ageBand", "publishedSince", "title", "alternativeTitles", "recommendedTo", "q")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Page", "page"), ("page_size", "pageSize"), ("pagesize", "pageSize"), ("age-band", "ageBand"),
        ("since", "publishedSince"), ("Title", "title"), ("titel", "title"), ("recommendedto", "recommendedTo"),
        ("xyz", None), ("", None), ("🙂", None), ("__", None), ("x" * 10_000, None), ("page" + "x" * LONGEST, None),
    ],
)  # fmt: skip
def test_the_whole_name_counts_before_a_part_and_signs_do_not(typed: str, meant: str | None) -> None:
    assert nearest_name(typed, NAMES) == meant


def test_without_names_there_is_none() -> None:
    assert nearest_name("page", ()) is None
