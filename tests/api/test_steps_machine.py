"""Any order of requests by anybody: over HTTP too no step skips the status machine, and a version that is not the
present one changes nothing."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests import databases
from tests.api import office as offices
from tests.api.office import Known, Office
from tests.unit.content.test_lifecycle_machine import ALLOWED, LEAST

NOTE = "Dit is een toelichting."
ROLE = {name: role for name, (role, _) in offices.PEOPLE.items()}
RANK = ["", "contributor", "reviewer", "editor", "admin"]
BODIES: dict[str, dict[str, str] | None] = {
    "submit": None, "take": None, "publish": None, "restore": None, "confirm": None,
    "return": {"track": "editorial", "note": NOTE}, "reject": {"reason": "duplicate", "note": NOTE},
    "archive": {"reason": "outdated"},
}  # fmt: skip
# Nobody, and editors more often than others, so that the walk gets somewhere.
callers = st.sampled_from(["", *sorted(ROLE), "editor", "second", "editor", "second"])


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with tempfile.TemporaryDirectory() as folder:
        opened = offices.opened(databases.configured(Path(folder)))
        yield opened
        opened.parts.store.close()
        opened.parts.close_engines()


@pytest.mark.slow
@pytest.mark.req("V09")
def test_no_order_of_requests_skips_the_status_machine(office: Office) -> None:
    reached: set[str] = set()

    class Requests(RuleBasedStateMachine):
        @initialize(steps=st.integers(0, 4))
        def write(self, steps: int) -> None:
            self.known: Known = office.draft("lesson")
            self.status, self.old_tags = "draft", list[str]()
            for _ in range(steps):
                self.go_on()

        def send(self, name: str, step: str, body: dict[str, str] | None, *, is_stale: bool = False) -> None:
            tag = self.old_tags[-1] if is_stale and self.old_tags else self.known.tag
            answer = office.ask(name, "POST", f"{self.known.path}/_{step}", body, tag=tag)
            self.judge(name, step, answer.status_code, is_stale=tag != self.known.tag)
            if answer.status_code == 200:
                self.old_tags.append(self.known.tag)
                self.known.tag = answer.headers["ETag"]

        def judge(self, name: str, step: str, status_code: int, *, is_stale: bool) -> None:
            assert status_code in (200, 400, 401, 403, 404, 409, 412), (step, status_code)
            after = office.row(self.known).status
            if status_code != 200:
                assert after == self.status, (step, status_code)
                return
            assert not is_stale, step
            assert (self.status, after) in ALLOWED, (step, self.status, after)
            least = LEAST.get("return_" if step == "return" else step, "contributor")
            assert RANK.index(ROLE.get(name, "")) >= RANK.index(least), (name, step)
            assert name != "author" or step not in ("approve", "publish"), "four eyes"
            self.status = after
            reached.add(after)

        @rule(name=callers, step=st.sampled_from(sorted(BODIES)), is_stale=st.integers(0, 4))
        def take_a_step(self, name: str, step: str, is_stale: int) -> None:
            self.send(name, step, BODIES[step], is_stale=is_stale == 0)

        @rule(name=callers, track=st.sampled_from(["editorial", "practice", "science", "experience"]))
        def approve(self, name: str, track: str) -> None:
            self.send(name, "approve", {"track": track})

        @rule()
        def go_on(self) -> None:
            """The next step by those who may take it, so that walks get far."""
            if self.status in ("draft", "changes-requested"):
                self.send("author", "submit", None)
            elif self.status == "submitted":
                self.send("editor", "take", None)
            elif self.status == "in-review":
                for track, name in offices.REVIEWERS.items():
                    self.send(name, "approve", {"track": track})
                self.send("second", "publish", None)
            elif self.status == "published":
                self.send("editor", "archive", BODIES["archive"])

        @invariant()
        def the_public_reads_what_is_published_and_nothing_else(self) -> None:
            seen = office.ask("", "GET", self.known.path)
            assert seen.status_code == (200 if self.status in ("published", "archived") else 404), self.status
            if self.status == "archived":
                assert "slug" not in seen.get_json()

    quick = settings(
        max_examples=12, stateful_step_count=25, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Requests, settings=quick)
    assert {"submitted", "in-review", "published", "archived"} <= reached
