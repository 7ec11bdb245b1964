"""Files that are complete or not there at all."""

import os
import secrets
import shutil
from contextlib import contextmanager
from pathlib import Path


def check_place(path):
    """Return the file that a path names behind links; raise if none can be there."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(f"{path} is a directory: pass the name of a file.")
    if target.exists() and not target.is_file():  # a device would be replaced
        raise OSError(f"{path} is no regular file: pass another name.")
    if not target.parent.is_dir():
        raise FileNotFoundError(
            f"{path} cannot be written: the directory {target.parent} does not exist."
        )
    if not os.access(target.parent, os.W_OK):
        raise PermissionError(
            f"{path} cannot be written: no right to write in {target.parent}."
        )
    return target


@contextmanager
def all_or_nothing():
    """Give out drafts beside the files; put them in place at the end, or remove them.

    Yields
    ------
    place : callable
        Path of the draft for a path, with the same extension.
    """
    drafts = {}

    def place(path):
        # the file itself, not a link to it, is replaced
        target = Path(os.path.realpath(path))
        drafts[target] = target.with_name(f".{secrets.token_hex(8)}.{target.name}")
        return drafts[target]

    try:
        yield place
        for target, draft in drafts.items():
            with open(draft, "rb+") as file:
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, draft)
        for target, draft in drafts.items():
            draft.replace(target)
    except PermissionError as error:
        named = ", ".join(map(str, drafts))
        raise PermissionError(
            f"{named} may not be written: check the permissions of the directory."
        ) from error
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
