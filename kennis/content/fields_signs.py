"""Signs that stand on a letter: few in every language, and a way to stop a server when there are many."""

import re
import unicodedata
from functools import cache

# In a row; what Unicode calls stream-safe text (UAX 15, section 13), which no language needs.
MOST = 30
# All signs lie between these two, and nearly all of them below the third.
_FIRST, _LAST, _RARE = 0x300, 0x1E94A, 0x10000
_HAS_RARE = re.compile(f"[{chr(_RARE)}-{chr(_LAST)}]")


@cache
def _stack(last: int) -> re.Pattern[str]:
    signs = (chr(code) for code in range(_FIRST, last + 1) if unicodedata.combining(chr(code)))
    return re.compile(f"[{''.join(signs)}]{{{MOST + 1}}}")


def is_stacked(text: str) -> bool:
    """Whether to normalise it would take the square of its length: the signs of one letter are sorted by hand there."""
    if text.isascii():
        return False
    # The rare ones make the expression twenty times slower.
    return bool(_stack(_LAST if _HAS_RARE.search(text) else _RARE).search(text))
