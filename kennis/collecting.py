"""How often Python looks for garbage in circles: seldom, for what Kennis makes is free as soon as it is done with.

As Python comes it looks after every 700 new objects, which cost an import and a rebuild a tenth of their time.
"""

import gc

# New objects between two looks; those of a batch of 500 entries fit in it (guess).
NEW_OBJECTS = 100_000


def seldom() -> None:
    """For the whole process. What was made so far is never looked at again: call it when that will stay."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
