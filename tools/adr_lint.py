"""Lints the OpenAPI document with the NLGov API design rules, when the ruleset and npx are there.

The ruleset (Logius, CC BY 4.0) lies beside the checkout and is not copied into it. Exit code 1 on any finding,
warnings included; a visible skip when the ruleset is not there; in CI a missing npx is a failure.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULESET = ROOT.parent / "shared" / "adr" / "adr-ruleset.yaml"
SPECTRAL = "@stoplight/spectral-cli@6.16.3"


def main() -> int:
    if not RULESET.is_file():
        print(f"ADR lint SKIPPED: no ruleset at {RULESET.relative_to(ROOT.parent)} beside the checkout")
        return 0
    npx = shutil.which("npx")
    if npx is None:
        print("ADR lint: npx is not installed; install Node.js to lint the OpenAPI document")
        return 1 if os.environ.get("CI") else 0
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "openapi.json"
        data = {**os.environ, "KENNIS_DATA_DIR": folder, "npm_config_ignore_scripts": "true"}
        with document.open("wb") as out:
            subprocess.run([sys.executable, "-m", "kennis", "openapi"], stdout=out, check=True, cwd=ROOT, env=data)
        command = [npx, "--yes", SPECTRAL, "lint", "--fail-severity=hint", "-r", str(RULESET), str(document)]
        finished = subprocess.run(command, cwd=folder, env=data, check=False)
    print("ADR lint: 0 findings" if finished.returncode == 0 else "ADR lint: findings above")
    return finished.returncode


if __name__ == "__main__":
    sys.exit(main())
