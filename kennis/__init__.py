"""Kennis shares knowledge about violence in dependency relations."""

__version__ = "0.1.0"
