"""Days as people write them."""

from datetime import date

import pytest

from kennis import clock


def test_a_day_is_year_month_and_day() -> None:
    assert clock.day("2026-03-01") == date(2026, 3, 1)


@pytest.mark.parametrize(
    "text", ["2026-W09-7", "20260301", "20260301xx", "2026-02-30", "٢٠٢٦-03-01", " 2026-03-01", ""]
)
def test_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        clock.day(text)
