"""A writer that is killed at any moment loses nothing it had acknowledged, and leaves nothing half-done."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select, text

from kennis.store import Store
from kennis.store.models import Entry, IndexJob, Revision
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

WRITER = """
import sys
from kennis.store import Store
from kennis.store.models import Entry, IndexJob, Revision
store = Store(sys.argv[1])
DAY = "2026-11-24T09:00:00Z"
for number in range(1_000_000):
    name = f"entry-{number:06}"
    with store.transaction() as session:
        session.add(Entry(id=name, kind="method", slug=name, status="published", version=1, index_version=1,
                          content={"title": name}, created_at=DAY, updated_at=DAY, created_by="a", last_changed_by="a"))
        session.flush()
        session.add(Revision(entry_id=name, version=1, content={"title": name}, origin="x", made_at=DAY, made_by="a"))
        session.flush()
        session.add(IndexJob(entry_id=name, index_version=1, created=DAY))
    sys.stdout.write(name + "\\n")
    sys.stdout.flush()
"""


@pytest.mark.parametrize("milliseconds", [40, 111, 273])
def test_no_acknowledged_write_is_lost(store: Store, tmp_path: Path, milliseconds: int) -> None:
    log = tmp_path / "acknowledged"
    root = Path(__file__).resolve().parents[3]
    with log.open("wb") as out:
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, store.url], stdout=out, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}
        )
        wait_until(lambda: log.stat().st_size > 0 or writer.poll() is not None, "the first word of the writer")
        time.sleep(milliseconds / 1000)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    lines = log.read_text().splitlines(keepends=True)
    acknowledged = [line.strip() for line in lines if line.endswith("\n")]
    assert acknowledged
    with store.reading() as session:
        entries = set(session.scalars(select(Entry.id)))
        assert set(acknowledged) <= entries
        assert len(entries) - len(acknowledged) <= 1
        assert set(session.scalars(select(Revision.entry_id))) == entries
        assert set(session.scalars(select(IndexJob.entry_id))) == entries
        if store.engine.dialect.name == "sqlite":
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    with store.transaction() as session:
        session.add(IndexJob(entry_id="after", index_version=1, created="x"))
