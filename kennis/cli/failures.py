"""The one place where an error becomes a sentence on stderr and an exit code. Nobody ever sees a traceback unasked."""

import errno
import os
import sys
import traceback
from collections.abc import Callable, Iterator

import click

from kennis.cli import stopping, streams
from kennis.cli.output import say_wrong
from kennis.errors import Conflict, Invalid, KennisError, Text

WRONG = 2
UNEXPECTED = 1
# What shells expect of a program that was stopped with Ctrl-C: 128 + SIGINT.
INTERRUPTED = 130

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)


def run(command: Callable[[], object], *, traces: bool) -> int:
    """The exit code of the command. Output that waits in a buffer is written here, where a full disk is explained."""
    try:
        streams.prepare()
        code = command()
        sys.stdout.flush()
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except stopping.Stopped as stopped:
        stopping.end(stopped)
        return UNEXPECTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        # The program that read our output has gone (`kennis export - | head`): stop without words, as others do.
        _drop_output()
        return UNEXPECTED
    except (KennisError, OSError) as error:
        for text in sentences(error):
            say_wrong(text)
        _trace(traces)
        _keep_what_can_be_written()
        return WRONG
    except Exception as error:
        say_wrong(_unexpected(error))
        _trace(traces)
        return UNEXPECTED
    return code if isinstance(code, int) else 0


def sentences(error: KennisError | OSError) -> Iterator[Text]:
    """What to tell of an error: its message, then each of its problems with the place of it."""
    if isinstance(error, OSError):
        yield _of_system(error)
        return
    yield error.message
    if isinstance(error, Invalid):
        for problem in error.problems:
            place = problem.parameter or problem.pointer
            lead = f"  {place}: " if place else "  "
            yield Text(lead + problem.message.nl, lead + problem.message.en)
    if isinstance(error, Conflict) and error.allowed:
        # The domain names steps as the API does; as commands they have no underscore, and "draft" is an address there.
        named = ("edit --copy" if step == "draft" else step.removeprefix("_") for step in error.allowed)
        steps = ", ".join(step for step in named if step != "DELETE")
        yield Text(f"Wel mogelijk: {steps}.", f"Possible from here: {steps}.")


def _of_system(error: OSError) -> Text:
    name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    if error.errno in _NO_SPACE:
        return Text(
            f"Er is geen ruimte meer om te schrijven ({name or 'uitvoer'}); maak schijfruimte vrij en probeer opnieuw.",
            f"There is no space left to write ({name or 'output'}); free some disk space and try again.",
        )
    if error.errno in _DENIED:
        return Text(
            f"{name or 'Dit bestand'} is niet te lezen of te schrijven; geef deze gebruiker de rechten daarvoor.",
            f"{name or 'This file'} cannot be read or written; give this user the permissions for it.",
        )
    if error.errno == errno.ENOENT:
        return Text(f"{name} bestaat niet; controleer de naam.", f"{name} does not exist; check the name.")
    if error.errno == errno.EISDIR:
        return Text(f"{name} is een map; noem een bestand.", f"{name} is a folder; name a file.")
    reason = error.strerror or str(error)
    lead = f"{name}: " if name else ""
    return Text(f"{lead}het systeem meldt een fout ({reason}).", f"{lead}the system reports an error ({reason}).")


def _unexpected(error: Exception) -> Text:
    kind = type(error).__name__
    return Text(
        f"Er ging iets mis in Kennis zelf ({kind}). Zie waar met: kennis --debug ...",
        f"Something went wrong in Kennis itself ({kind}). See where with: kennis --debug ...",
    )


def _trace(is_wanted: bool) -> None:
    if is_wanted:
        traceback.print_exc()


def _keep_what_can_be_written() -> None:
    """What waits in a buffer goes out now; on a full disk it is dropped, else Python would fail over it at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        _drop_output()


def _drop_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
