"""Files that are complete or not there at all."""

import os
import secrets
import shutil
import stat
from contextlib import contextmanager, suppress
from pathlib import Path

OWNER = 0o600


def check_place(path, *, overwrite):
    """Return the file that a path names behind links; raise if none can be there."""
    mode = _mode_of_any(path)
    target = Path(os.path.realpath(path))
    if mode is not None and stat.S_ISDIR(mode):
        raise IsADirectoryError(f"{path} is a directory: pass the name of a file.")
    if mode is not None and not stat.S_ISREG(mode):  # a device would be replaced
        raise OSError(f"{path} is no regular file: pass another name.")
    if not target.parent.is_dir():
        raise FileNotFoundError(
            f"{path} cannot be written: the directory {target.parent} does not exist."
        )
    if not os.access(target.parent, os.W_OK):
        raise PermissionError(
            f"{path} cannot be written: no right to write in {target.parent}."
        )
    if target.exists() and not overwrite:
        raise _exists(path)
    return target


def _mode_of_any(path):
    """Return what stands at a path, None for nothing; raise where nothing ever can."""
    try:
        return os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:  # too long a name, a loop of links
        raise OSError(f"{path} cannot be written: {error.strerror}.") from error
    except ValueError as error:  # NUL, or half a character
        named = os.fspath(path)
        raise ValueError(f"path={named!r} is no name of a file: {error}.") from error


@contextmanager
def all_or_nothing(*, overwrite=False, read=()):
    """Give out drafts beside the files; put them in place at the end, or remove them.

    The files appear in the order in which their drafts were asked for. If one cannot
    be put in place, those before it are taken back, and what they replaced is there
    again.

    Parameters
    ----------
    overwrite : bool, default=False
        Whether files that exist may be replaced.
    read : sequence of path, default=()
        What the files were made from: beside their owner, nobody may read or write
        them who may not do so with all of these.

    Yields
    ------
    place : callable
        Path of an empty draft for a path, which only its owner may read.
    """
    drafts: dict = {}
    modes = {}

    def place(path):
        # the file itself, not a link to it, is replaced
        target = Path(os.path.realpath(path))
        drafts[target] = target.with_name(f".{secrets.token_hex(8)}.part")
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
        descriptor = os.open(drafts[target], flags, 0o666)
        modes[target] = stat.S_IMODE(os.fstat(descriptor).st_mode)  # as umask has it
        os.close(descriptor)
        os.chmod(drafts[target], OWNER)
        return drafts[target]

    try:
        yield place
        limit = _shared_rights(read)
        for target, draft in drafts.items():
            with open(draft, "rb+") as file:
                os.fsync(file.fileno())
            mode = _mode(target) if target.exists() else modes[target]
            os.chmod(draft, mode & limit)
        _put_in_place(drafts, overwrite)
    except OSError as error:
        if error.strerror is None:  # said in our own words
            raise
        raise _unwritable(error, drafts) from error
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def _put_in_place(drafts, overwrite):
    """Move every draft to its target, or leave every target as it was."""
    moves = []
    try:
        for target, draft in drafts.items():
            if target.exists() and not overwrite:
                raise _exists(target)
            kept = _second_name(target) if target.exists() else None
            moves.append((target, os.stat(draft).st_ino, kept))
            _move(draft, target, overwrite)
    except BaseException:  # an interrupt, too
        for target, number, kept in reversed(moves):
            if kept is not None:
                kept.replace(target)
            elif target.exists() and os.stat(target).st_ino == number:
                target.unlink()
        raise
    finally:
        for _, _, kept in moves:
            if kept is not None:
                kept.unlink(missing_ok=True)


def _move(draft, target, overwrite):
    if not overwrite:
        # a link fails where a file has appeared meanwhile; a rename would replace it
        with suppress(OSError):
            os.link(draft, target)
            return
        if target.exists():
            raise _exists(target)
    draft.replace(target)


def _second_name(target):
    kept = target.with_name(f".{secrets.token_hex(8)}.kept")
    try:
        os.link(target, kept)
    except OSError:  # a file system without links
        shutil.copy2(target, kept)
    return kept


def _shared_rights(paths):
    """Return the rights that all files give; a right to read is one to run."""
    shared = 0o777
    for path in paths:
        try:
            mode = _mode(path) | OWNER
        except OSError:  # it is gone
            mode = OWNER
        shared &= mode | (mode & 0o444) >> 2
    return shared


def _mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def _exists(path):
    return FileExistsError(
        f"{path} exists: choose another name, or pass overwrite=True."
    )


def _unwritable(error, targets):
    named = ", ".join(map(str, targets))
    if isinstance(error, PermissionError):
        return PermissionError(
            f"{named} may not be written: check the permissions of the directory."
        )
    return OSError(f"{named} cannot be written: {error.strerror}.")
