"""Finds the data folders that travel with Kennis: in a checkout, an editable install and a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def path(folder: str) -> Path:
    """The folder `index_mappings` or `seed`: inside the package (wheel) first, else beside it (checkout)."""
    inside = PACKAGE / "_data" / folder
    return inside if inside.is_dir() else PACKAGE.parent / folder
