"""The policy table: who may do what."""

import pytest

from kennis.access import policy
from kennis.access.policy import Actor, Facts
from kennis.errors import Forbidden

THEIRS = Facts(made_by=frozenset({"me"}), owned_by="me")
STORY = Facts(made_by=frozenset({"me"}), owned_by="me", is_entrusted=True)


@pytest.mark.parametrize("operation", ["revise", "submit", "delete", "read"])
def test_the_author_may_work_on_the_own_text_and_others_only_from_editor_on(operation: str) -> None:
    assert policy.decide(Actor("me", "contributor"), operation, THEIRS).is_allowed
    assert not policy.decide(Actor("other", "contributor"), operation, THEIRS).is_allowed
    assert not policy.decide(Actor("other", "reviewer"), operation, THEIRS).is_allowed
    assert policy.decide(Actor("other", "editor"), operation, THEIRS).is_allowed


@pytest.mark.parametrize("operation", ["approve", "publish"])
@pytest.mark.parametrize("role", ["reviewer", "editor", "admin"])
def test_four_eyes(operation: str, role: str) -> None:
    with pytest.raises(Forbidden, match="does not approve or publish"):
        policy.check(Actor("me", role), operation, THEIRS)


def test_four_eyes_does_not_hold_for_the_loader() -> None:
    policy.check(policy.system("me"), "publish", THEIRS)


@pytest.mark.parametrize("operation", ["revise", "submit", "confirm", "create"])
def test_a_story_is_for_editors_only(operation: str) -> None:
    assert not policy.decide(Actor("me", "reviewer"), operation, STORY).is_allowed
    assert policy.decide(Actor("me", "editor"), operation, STORY).is_allowed


def test_withdrawal_is_for_an_admin_and_of_a_story_for_an_editor() -> None:
    assert not policy.decide(Actor("x", "editor"), "withdraw", THEIRS).is_allowed
    assert policy.decide(Actor("x", "admin"), "withdraw", THEIRS).is_allowed
    assert policy.decide(Actor("x", "editor"), "withdraw", STORY).is_allowed


@pytest.mark.parametrize("role", policy.ROLES)
def test_no_account_may_import_or_refresh(role: str) -> None:
    assert not policy.decide(Actor("x", role), "import").is_allowed
    assert not policy.decide(Actor("x", role), "refresh").is_allowed


def test_a_background_gives_no_permission() -> None:
    for operation in policy.POLICY:
        answers = {
            policy.decide(Actor("x", "contributor", b), operation, THEIRS).is_allowed
            for b in ("", "researcher", "owner", "experience-expert")
        }
        assert len(answers) == 1


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown role"):
        Actor("x", "superuser")
