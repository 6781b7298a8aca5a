"""The files of a data directory whose server runs, and replaces some of them by writing another one beside it."""
import contextlib
import os
import re

BEING_WRITTEN = re.compile(r"\..+\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def contents(folder):
    """Each file and its bytes. What was replaced while it was looked for is there under its name."""
    for at, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(at, name)
            with contextlib.suppress(FileNotFoundError):
                if os.path.isfile(path):  # not the socket
                    with open(path, "rb") as file:
                        yield name, file.read()


def files_that_hold(folder, *needles):
    """Names of files in which one of these can be read."""
    return [name for name, content in contents(folder) if any(needle in content for needle in needles)]


def listed(folder):
    """Every path below it, in order, but for what is about to replace a file."""
    return sorted(str(one) for one in folder.rglob("*") if not BEING_WRITTEN.fullmatch(one.name))
