"""Kennis shares knowledge about violence in dependency relations."""

from kennis import collecting

__version__ = "0.1.0"

# Here, for what a start imports comes after this; the surfaces choose for themselves.
collecting.seldom(collecting.OF_A_START)
