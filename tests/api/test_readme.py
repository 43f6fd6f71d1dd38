"""What the README shows is what a newcomer sees."""

import re

from flask.testing import FlaskClient

from tests.source import ROOT


def test_the_answer_in_the_readme_is_the_real_one(client: FlaskClient) -> None:
    found = re.search(
        r"\$ curl 'http://127\.0\.0\.1:8000(\S+)' \| head -c (\d+)\n```\n```json\n(.*?)\n```",
        (ROOT / "README.md").read_text("utf-8"),
        re.DOTALL,
    )
    assert found
    address, length, shown = found.groups()
    assert shown == client.get(address).data[: int(length)].decode()
