"""The fields of each kind, one file per group; `kennis.content.kinds` is the way in."""
