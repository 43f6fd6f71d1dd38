"""How often Python looks for garbage in circles, which little of what Kennis makes is.

As Python comes it looks after every 700 new objects, which cost an import and a rebuild a tenth of their time.
"""

import gc

# New objects between two looks. Of a command: those of a batch of an import fit in it. Of a server: an address that
# does not exist leaves some 80 behind with all that was sent, so at most so many requests are held (guesses).
OF_A_COMMAND, OF_A_SERVER = 300_000, 5_000


def seldom(new_objects: int) -> None:
    """For the whole process. What was made so far is never looked at again: call it when that will stay."""
    gc.freeze()
    gc.set_threshold(new_objects, *gc.get_threshold()[1:])
