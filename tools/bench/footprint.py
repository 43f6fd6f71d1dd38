"""What a server keeps in memory, and what starting costs."""

import json
import subprocess  # nosec B404
import sys

from tools.bench import installed, load
from tools.bench.data import Corpus
from tools.bench.queries import queries
from tools.bench.table import Figure, at_most

REQUESTS = 600
STARTS = 5
CLIENTS = ("elasticsearch", "psycopg")
PROGRAM = f"""
import json, sys, time
import kennis.app
print(json.dumps([time.process_time(), [name for name in {CLIENTS!r} if name in sys.modules]]))
"""


def memory(corpus: Corpus) -> list[Figure]:
    """After so many searches, with all caches as they come."""
    with installed.serving(installed.installation(corpus)) as server:
        at_start = server.memory()
        paths = [installed.search_path(q) for q in queries(REQUESTS, seed=15)]
        load.run(server.port, paths, connections=4)
        anonymous, resident = server.memory("Pss_Anon"), server.memory()
    note = f"{at_start:.0f} MB before {REQUESTS} searches; {anonymous:.0f} MB without mapped files"
    return [at_most(f"resident memory, {corpus.count:,} entries", resident, 350, " MB", note)]


def start() -> list[Figure]:
    """CPU of a new interpreter up to the end of `import kennis.app`; the least of a few, files in the page cache."""
    found = [json.loads(subprocess.check_output([sys.executable, "-c", PROGRAM])) for _ in range(STARTS)]  # nosec B603
    loaded = found[0][1]
    return [
        at_most("import of the app, CPU", min(seconds for seconds, _ in found), 0.7, " s"),
        at_most("clients of servers imported", len(loaded), 0, "", ", ".join(loaded)),
    ]
