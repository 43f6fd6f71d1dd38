"""Addresses made from titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kennis.content.slugs import is_slug, slugify


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("De Oranje Huis-aanpak", "oranje-huis-aanpak"),
        ("!JES het brugproject", "jes-het-brugproject"),
        ("MDA++", "mda"),
        ("Girls' Talk+", "girls-talk"),
        ("Het houdt niet op, totdat je iets doet", "houdt-niet-op-totdat-je-iets-doet"),
        ("Financiële uitbuiting in Fryslân", "financiele-uitbuiting-in-fryslan"),
        ("De", "kennis-de"),
        ("Een a", "een-a"),
        ("+++", "zonder-naam"),
        ("x" * 150, "x" * 120),
        (" ".join(["woord"] * 25), "-".join(["woord"] * 20)),
    ],
)
def test_addresses_from_titles(title: str, slug: str) -> None:
    assert slugify(title) == slug


@given(st.text(max_size=200))
def test_every_title_gives_a_sound_address(title: str) -> None:
    assert is_slug(slugify(title))
