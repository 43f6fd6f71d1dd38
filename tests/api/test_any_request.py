"""Whatever is sent to any operation, by whom ever: no 5xx, no status, header or body that the document does not name.

KENNIS_TEST_EXAMPLES says how many requests are made up for each operation; `make test-slow` takes a few. What several
kinds of entries have alike (six createX, six submitX ...) is one operation here: they share the number, so that of 500
each of six gets 84. With many, each must also have gone well now and then: refusals alone would prove little.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case

from tests import databases
from tests.api import generating, office, real
from tools.openapi_diff import COMMITTED

pytestmark = pytest.mark.slow
# From so many on, each operation must also have gone well (2xx), but for these: a story is published with the consent
# of who gave it, which nobody can send here.
ENOUGH = 500
NEVER_GOES_WELL = ("publishStory", "publishStoryDraft")
EXAMPLES = int(os.environ.get("KENNIS_TEST_EXAMPLES") or 3)
# The document in both forms is compared whole elsewhere (test_openapi.py), and reading YAML takes a third of a second.
LEFT_OUT = ("getOpenApiJson", "getOpenApiYaml")
DOCUMENT = json.loads(COMMITTED.read_text("utf-8"))


def operations() -> Iterator[tuple[str, str, int]]:
    """Name, path, and how many requests: what the kinds have in common is one operation, of which each has its part."""
    found = [
        (operation["operationId"], path, f"{method} {'/'.join(_shared(path))}")
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
        if method != "parameters" and operation["operationId"] not in LEFT_OUT
    ]
    alike = Counter(shape for *_, shape in found)
    for name, path, shape in found:
        yield name, path, -(-EXAMPLES // alike[shape])


def _shared(path: str) -> list[str]:
    return ["{kind}" if part in real.KIND_OF else part for part in path.split("/")]


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[generating.Generator]:
    opened = office.opened(databases.configured(tmp_path_factory.mktemp("any")))
    yield generating.Generator(opened)
    opened.parts.store.close()
    opened.parts.close_engines()


@pytest.mark.req("V08", "V12", "V35", "V36")
@pytest.mark.parametrize(("operation", "path", "examples"), [*operations()])
def test_any_request_is_answered_as_the_document_says(
    generator: generating.Generator, operation: str, path: str, examples: int
) -> None:
    kind = real.KIND_OF.get(path.split("/")[1], "method" if path == "/comparisons" else None)
    stock, statuses = generator.stock(kind) if kind else {}, Counter[int]()

    @settings(
        max_examples=examples, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    @given(case=generator.cases(operation), seed=st.integers(0, 2**64))
    def answer(case: Case, seed: int) -> None:
        statuses[generating.ask(generator, stock, case, seed)] += 1

    answer()
    if EXAMPLES >= ENOUGH and operation not in NEVER_GOES_WELL:
        assert any(status < 300 for status in statuses), statuses
