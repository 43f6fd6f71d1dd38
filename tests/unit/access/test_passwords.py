"""What may be a password, and how it is kept."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kennis.access import passwords
from tests.timing import within
from tests.unit.access.people import CHEAP, PASSWORD


def _is_refused(password: str, *words: str) -> bool:
    return [p.pointer for p in passwords.problems_of(password, words)] == ["/password"]


@pytest.mark.req("V23")
@pytest.mark.parametrize(
    "password",
    [
        "fiets lamp gordijn zeven",
        "correct horse battery staple",
        "qpvnwtyzklrh",
        "tk8#Lm2!qXzP",
        "#$%&!?+=@~;:^",
        "éénpaardvliegtlaag",
        "🦊🦉🐙🦔🌻🎷🪁🧩🛶🪵🧶🧭",
    ],
)
def test_no_kind_of_character_is_asked_for(password: str) -> None:
    assert passwords.problems_of(password) == []


@pytest.mark.req("V23")
def test_twelve_characters_are_enough_and_eleven_are_not() -> None:
    assert _is_refused("qpvnwtyzklr")
    assert not _is_refused("qpvnwtyzklrh")
    assert not _is_refused(PASSWORD * 5 + "12345678")
    assert _is_refused("x" * 129)


@pytest.mark.req("V23")
@pytest.mark.parametrize(
    "password",
    [
        "welkom123456", "password1234", "Wachtwoord2026", "aaaaaaaaaaaaaaa", "qwertyuiop123", "123456789012",
        "Welkom123456!", "veilig thuis 2026", "lente-zomer-herfst", "P@ssw0rd!2026", "--------------", " " * 14,
        "Kennis2026Welkom1", "KennisKennis1", "veiligthuis2026", "huiselijkgeweld", "Amsterdam2026!",
        "abcdefghijklmnop",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert _is_refused(password)


@pytest.mark.req("V23")
def test_the_own_name_and_address_do_not_make_a_password() -> None:
    owner = ("Wilhelmina Zonderbergen", "w.zonderbergen@buurtteam.example")
    assert _is_refused("zonderbergen12", *owner)
    assert _is_refused("wzonderbergen1", *owner)
    for whole in owner:
        assert _is_refused(whole, *owner)
        assert _is_refused(whole.upper() + "1", *owner)
    assert not _is_refused("zonderbergen12")
    # The words of the one do not count for the next.
    assert not _is_refused("zonderbergen12", "Iemand Anders")


@pytest.mark.req("V29")
def test_a_hash_says_that_it_was_made_as_rfc_9106_recommends() -> None:
    digest = passwords.hash_password(PASSWORD)
    assert digest.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.verify(PASSWORD, digest)
    assert not passwords.is_outdated(digest)


def test_a_cheaper_hash_is_made_anew() -> None:
    digest = passwords.hash_password(PASSWORD, CHEAP)
    assert passwords.is_outdated(digest)
    assert not passwords.is_outdated(digest, CHEAP)


def test_the_same_password_has_another_hash_each_time() -> None:
    assert passwords.hash_password(PASSWORD, CHEAP) != passwords.hash_password(PASSWORD, CHEAP)


@given(st.text(max_size=200), st.text(max_size=200))
def test_only_the_same_text_verifies(password: str, other: str) -> None:
    digest = passwords.hash_password(password, CHEAP)
    assert passwords.verify(password, digest)
    assert passwords.verify(other, digest) == (passwords.plain(other) == passwords.plain(password))


@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=3))
def test_any_text_gets_an_answer(password: str, words: list[str]) -> None:
    assert len(passwords.problems_of(password, words)) <= 1


def test_letters_are_the_same_however_the_keyboard_makes_them() -> None:
    composed, pieces = "caf\u00e9 aan de kade", "cafe\u0301 aan de kade"
    assert passwords.verify(pieces, passwords.hash_password(composed, CHEAP))


@pytest.mark.req("V23")
@pytest.mark.parametrize(
    "password",
    # Signs in the wrong order, which Unicode sorts in the square of their number; and every way to read the signs.
    ["a" + "\u0301\u0323" * 250_000, "4@8({[<369&#!1|0$5+7%2" * 4],
    ids=["signs on one letter", "letters as signs"],
)
def test_no_password_keeps_the_server_busy(password: str) -> None:
    stored = passwords.hash_password(PASSWORD, CHEAP)
    within(2, lambda: (passwords.problems_of(password), passwords.verify(password, stored)))


@pytest.mark.req("V23")
def test_a_password_that_is_too_long_to_be_one_verifies_nothing() -> None:
    longest = "é" * passwords.LONGEST
    digest = passwords.hash_password(longest, CHEAP)
    assert passwords.verify(unicodedata.normalize("NFD", longest), digest)
    assert not passwords.verify(longest + "x" * 10_000, digest)
