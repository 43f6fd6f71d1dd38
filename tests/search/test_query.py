"""What was typed -> tree: quotes, exclusions, stop words, units, and that no text is ever an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kennis.search import clauses
from kennis.search.analysis import analyze_words, exact_name
from kennis.search.query import HELP_OFFER, Parsed, parse
from kennis.search.tree import (
    And,
    Constant,
    FieldPhrase,
    FieldTerm,
    MatchAll,
    MatchNone,
    MinShould,
    Node,
    Not,
    Prefix,
    walk,
)


def leaves(node: Node) -> set[tuple[str, str | tuple[str, ...]]]:
    found: set[tuple[str, str | tuple[str, ...]]] = set()
    for one in walk(node):
        if isinstance(one, FieldTerm):
            found.add((one.field, one.term))
        elif isinstance(one, FieldPhrase):
            found.add((one.field, one.terms))
    return found


def fields_of(node: Node, term: str) -> set[str]:
    return {field for field, held in leaves(node) if held == term}


def least(parsed: Parsed) -> int | None:
    """How many words the relaxed tree wants."""
    return (
        next((n.minimum for n in walk(parsed.relaxed_tree) if isinstance(n, MinShould)), None)
        if parsed.relaxed_tree
        else None
    )


def test_nothing_typed_matches_all() -> None:
    for text in ("", "   ", "?!", '""', "- -"):
        parsed = parse(text)
        assert parsed.tree == MatchAll()
        assert parsed.relaxed_tree is None
        assert parsed.words == parsed.phrases == parsed.excluded == ()


@pytest.mark.parametrize("quoted", ['"veilige opvang"', "“veilige opvang”", "„veilige opvang”", "«veilige opvang»"])
def test_words_in_quotes_stand_as_they_were_written(quoted: str) -> None:
    parsed = parse(f"kinderen {quoted}")
    assert parsed.phrases == ("veilige opvang",)
    assert parsed.words == ("kinderen",)
    assert ("exact", ("veilige", "opvang")) in leaves(parsed.tree)


def test_a_quoted_word_is_not_stemmed() -> None:
    assert ("exact", "kinderen") in leaves(parse('"kinderen"').tree)


def test_a_quote_that_is_never_closed_is_no_quote() -> None:
    assert parse('"veilige opvang').phrases == ()
    assert parse('"veilige opvang').words == ("veilige", "opvang")


def test_quoted_words_weigh_by_field_too() -> None:
    assert ("title", tuple(analyze_words("veilige opvang"))) in leaves(parse('"veilige opvang"').tree)


@pytest.mark.parametrize(
    ("text", "excluded"),
    [
        ("opvang -kinderen", ("kinderen",)),
        ("opvang -kinderen -mannen", ("kinderen", "mannen")),
        ('opvang -"veilig thuis"', ("veilig thuis",)),
        ("-kinderen", ("kinderen",)),
        ("opvang -ex-partner", ("ex-partner",)),
        ("ex-partner", ()),
        ("opvang - kinderen", ()),
        ("8-12 jaar", ()),
        ("0800-2000", ()),
    ],
)
def test_a_minus_before_a_word_excludes_it(text: str, excluded: tuple[str, ...]) -> None:
    parsed = parse(text)
    assert parsed.excluded == excluded
    assert sum(isinstance(n, Not) for n in walk(parsed.tree)) == len(excluded)


def test_exclusion_alone_leaves_out_of_everything() -> None:
    tree = parse("-kinderen").tree
    assert isinstance(tree, And)
    assert tree.clauses == (MatchAll(), Not(clauses.anywhere("kind")))


def test_an_excluded_word_stays_excluded_when_relaxed() -> None:
    parsed = parse("opvang vrouwen mannen -kinderen")
    assert parsed.relaxed_tree is not None
    assert any(isinstance(n, Not) for n in walk(parsed.relaxed_tree))


@pytest.mark.req("T9")
def test_stop_words_alone_are_sought_as_they_stand() -> None:
    found = leaves(parse("wie wat waar").tree)
    assert {("exact", "wie"), ("exact", "wat"), ("exact", "waar"), ("exact", ("wie", "wat", "waar"))} <= found
    assert parse("wie wat waar").relaxed_tree is None


@pytest.mark.req("T9")
@pytest.mark.req("T10")
@pytest.mark.parametrize(
    "name", ["Wie wat waar", "time-out", "In the picture", "MDA++", "!JES", "De Oranje Huis-aanpak"]
)
def test_an_entry_of_that_name_is_found_whatever_its_words(name: str) -> None:
    found = leaves(parse(name).tree)
    assert ("exactNames", exact_name(name)) in found
    assert ("exactNames", "@" + exact_name(name)) in found


@pytest.mark.req("T7")
@pytest.mark.parametrize(
    ("forms", "token"),
    [(("MDA++", "mda++", "mda"), "mda++"), (("!JES", "jes"), "!jes"), (("lhbti+", "lhbti"), "lhbti+")],
)
def test_signs_in_names_make_no_difference(forms: tuple[str, ...], token: str) -> None:
    assert all("title" in fields_of(parse(form).tree, token) for form in forms)
    assert len({parse(form).tree for form in forms}) == 1


@pytest.mark.req("T15")
def test_a_phone_number_is_one_word() -> None:
    assert len({parse(form).tree for form in ("0800-2000", "0800 2000", "08002000")}) == 1
    assert "body" in fields_of(parse("0800 2000").tree, "08002000")


@pytest.mark.req("T16")
@pytest.mark.parametrize(
    ("one", "other"), [("financiele", "Financiële"), ("FRYSLAN", "Fryslân"), ("client's", "cliënts")]
)
def test_accents_and_capitals_give_the_same_tree(one: str, other: str) -> None:
    assert parse(one).tree == parse(other).tree


@pytest.mark.req("T2")
def test_a_mistake_gives_the_tree_of_what_was_meant_and_says_so() -> None:
    wrong, right = parse("huishoudelijk geweld"), parse("huiselijk geweld")
    assert wrong.replaced == (("huishoudelijk geweld", "huiselijk geweld"),)
    assert right.replaced == ()
    strip = {("exactNames", "huishoudelijkgeweld"), ("exactNames", "@huishoudelijkgeweld"),
             ("exactNames", "huiselijkgeweld"), ("exactNames", "@huiselijkgeweld")}  # fmt: skip
    assert leaves(wrong.tree) - strip == leaves(right.tree) - strip
    assert ("topic", "overig-geweld") in leaves(wrong.tree)


@pytest.mark.req("T3")
def test_a_compound_is_sought_by_its_parts_too() -> None:
    tree = parse("plegeraanpak").tree
    assert {"titleParts", "body"} <= fields_of(tree, "pleger")
    assert {"titleParts", "body"} <= fields_of(tree, "aanpak")


@pytest.mark.req("T1")
@pytest.mark.parametrize("word", ["oudermishandeling", "ouderenmishandeling"])
def test_these_compounds_never_find_by_their_parts(word: str) -> None:
    held = {term for field, term in leaves(parse(word).tree) if field in clauses.FIELDS or field in clauses.PARTS}
    assert "mishandeling" not in held
    assert not {"ouder", "oudere"} & held


@pytest.mark.req("T12")
def test_a_title_outweighs_a_summary_and_a_summary_a_body() -> None:
    most_of_a_word = 19.0
    most_body = most_of_a_word * clauses.BODY_BOOST * (1 + clauses.TIE_BREAKER)
    most_summary = most_of_a_word * clauses.SUMMARY_BOOST + most_body * clauses.TIE_BREAKER * 2
    assert most_body < clauses.SUMMARY_TIER
    assert most_summary < clauses.TITLE_TIER
    assert clauses.TITLE_BOOST > clauses.SUMMARY_BOOST > clauses.BODY_BOOST > clauses.PARTS_BOOST


@pytest.mark.parametrize(
    ("text", "minimum"),
    [("opvang", None), ("opvang mannen", 1), ("opvang mannen trauma", 2), ("opvang mannen trauma hulp", 2),
     ("opvang mannen trauma hulp nazorg", 3), ("een twee drie vier vijf zes zeven acht negen tien", 7)],
)  # fmt: skip
def test_most_of_the_words_are_enough_when_relaxed(text: str, minimum: int | None) -> None:
    parsed = parse(text.replace("een", "elf"))
    assert least(parsed) == minimum


def test_a_unit_counts_as_one_word() -> None:
    assert parse("huiselijk geweld").relaxed_tree is None
    assert least(parse("huiselijk geweld mannen trauma")) == 2


def test_noise_is_not_demanded_but_counts_when_it_is_all_there_is() -> None:
    assert least(parse("ik zoek informatie over opvang")) is None
    assert "title" in fields_of(parse("informatie").tree, analyze_words("informatie")[0])


def test_words_that_only_name_a_filter_are_not_demanded() -> None:
    assert parse("goed onderbouwde gesprekken 8 jaar").relaxed_tree is None
    assert parse("goed onderbouwde gesprekken 8 jaar").spelling_words == ("gesprekken",)


@pytest.mark.req("T22")
def test_who_asks_for_help_finds_help_offers_and_need_not_match_all_words() -> None:
    parsed = parse("mijn man slaat me wat moet ik doen")
    assert parsed.help_kind == "victim"
    assert parsed.need is not None
    assert parsed.need.is_first_person
    assert ("kind", HELP_OFFER.term) in leaves(parsed.tree)
    assert ("audience", "slachtoffer-zelf") in leaves(parsed.tree)
    assert parsed.relaxed_tree is None
    assert any(isinstance(n, MinShould) for n in walk(parsed.tree))


@pytest.mark.req("T22")
@pytest.mark.parametrize(
    ("audience", "kind"),
    [("slachtoffer-zelf", "victim"), ("omstander-zelf", "bystander"), ("pleger-zelf", "perpetrator")],
)
def test_a_personal_audience_counts_as_a_need(audience: str, kind: str) -> None:
    parsed = parse("steunpunt", audiences=(audience,))
    assert parsed.help_kind == kind


def test_a_professional_audience_is_no_need() -> None:
    assert parse("meldcode", audiences=("onderwijs",)).help_kind is None


def test_codes_add_to_the_words_and_find_alone() -> None:
    tree = parse("leraren").tree
    assert Constant(FieldTerm("audience", "onderwijs"), 6.0) in set(walk(tree))


def test_highlights_hold_words_parts_together_and_synonyms() -> None:
    marked = parse("plegeraanpak").terms_for_highlight
    assert {"plegeraanpak", "pleger aanpak", "daderaanpak"} <= marked
    assert "pleger" not in marked
    assert parse("wie wat").terms_for_highlight == {"wie", "wat"}


def test_only_plain_unknown_words_may_be_misspelt() -> None:
    assert parse("hulp voor dwinngende MDA++ 2024 0800-2000").spelling_words == ("hulp", "dwinngende")
    assert parse("huiselijk geweld").spelling_words == ()


@given(st.text(max_size=500))
def test_any_text_is_a_query(text: str) -> None:
    parsed = parse(text)
    for tree in (parsed.tree, parsed.relaxed_tree):
        for node in walk(tree) if tree else ():
            assert not isinstance(node, Prefix | MatchNone)
            if isinstance(node, FieldPhrase):
                assert len(node.terms) > 1
            if isinstance(node, MinShould):
                assert 0 < node.minimum <= len(node.clauses)
    assert all(term and not term.isspace() for _, term in leaves(parsed.tree) if isinstance(term, str))


@given(
    st.lists(
        st.sampled_from(['"', "-", "geweld", "de", "MDA++", "om", "huiselijk", "Putten", "8", "jaar", "ik", "'"]),
        max_size=30,
    )
)
def test_any_mix_of_signs_and_words_is_a_query(pieces: list[str]) -> None:
    parse(" ".join(pieces))
    parse("".join(pieces))


def test_a_long_text_makes_a_bounded_tree() -> None:
    long = " ".join(f"vader{n} partnergeweld" for n in range(40))
    assert sum(1 for _ in walk(parse(long[:500]).tree)) < 2_000
    assert sum(1 for _ in walk(parse(("huiselijk geweld dader " * 30)[:500]).tree)) < 2_000


def test_a_way_of_working_is_not_relaxed_to_work() -> None:
    assert parse("cultuursensitief werken").relaxed_tree is None
