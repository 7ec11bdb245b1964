"""Arrays in the files of NumPy: embeddings, without a copy where the file allows."""

import zipfile
from contextlib import contextmanager

import numpy as np

from skdataquality.tables._formats import existing_file, listed, shown
from skdataquality.tables._memory import Budget, TooLargeError, enough_memory

ARRAY_EXTENSIONS = (".npy", ".npz")
_ONE = "points"  # what the array of a .npy, which has no name, is called
_KINDS = "fiubSU"
_OBJECTS = ("Python objects", "Object arrays")  # how numpy names them


def read_arrays(path, *, max_bytes=None):
    """Read the arrays of a NumPy file by their names.

    Parameters
    ----------
    path : str or path-like
        A local file whose name ends in ``.npy`` or ``.npz``, in any case.
    max_bytes : int, default=None
        Most bytes that the arrays of a ``.npz`` may take in memory, decompressed. None
        takes half of what the machine has free. A ``.npy`` takes none.

    Returns
    -------
    arrays : dict of str to ndarray
        Numbers, truth values or texts in one dimension or two, none without a row. The
        array of a ``.npy`` is named ``"points"``; it is mapped read-only, so that only
        what is looked at is read. Those of a ``.npz`` are in memory.

    Raises
    ------
    ValueError
        If the file is none of NumPy's, is cut short, or an array holds Python objects,
        which are never unpickled, records or complex numbers, has no row, or has
        other than one or two dimensions.
    OSError
        If the file is missing, is no regular file, or may not be read.

    See Also
    --------
    read_table : Read a table.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import numpy as np
    >>> from skdataquality.tables import read_arrays
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "pool.npz"
    ...     np.savez(path, e=np.ones((3, 2), dtype=np.float32), kind=["a", "b", "a"])
    ...     arrays = read_arrays(path)
    >>> {name: array.shape for name, array in arrays.items()}
    {'e': (3, 2), 'kind': (3,)}
    """
    path = existing_file(path)
    extension = path.suffix.lower()
    if extension not in ARRAY_EXTENSIONS:
        raise ValueError(
            f"{path} must end in {' or '.join(ARRAY_EXTENSIONS)}: read_table reads "
            f"other files."
        )
    budget = Budget(path, max_bytes)
    with _one_clear_error(path), enough_memory(path):
        if extension == ".npy":
            return {_ONE: _checked(path, "the array", _mapped(path))}
        return _of_archive(path, budget)


def _mapped(path):
    if path.stat().st_size == 0:
        raise ValueError("it is empty")
    return np.lib.format.open_memmap(path, mode="r")


def _of_archive(path, budget):
    arrays = {}
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        # a member never gives more bytes than it declares
        budget.check(sum(member.file_size for member in members))
        for member in members:
            name = member.filename.removesuffix(".npy")
            if name in arrays:
                raise ValueError(f"it has two arrays of the name {name!r}")
            with archive.open(member) as file:
                array = np.lib.format.read_array(file, allow_pickle=False)
            arrays[name] = _checked(path, repr(name), array)
    if not arrays:
        raise ValueError("it holds no array")
    return arrays


def _checked(path, name, array):
    if array.dtype.kind not in _KINDS:
        raise _UnfitArrayError(
            f"{path}: {name} has the dtype {shown(array.dtype, 60)}: save numbers, "
            f"truth values or texts."
        )
    if array.ndim not in (1, 2) or 0 in array.shape:
        raise _UnfitArrayError(
            f"{path}: {name} has the shape {array.shape}: save one row for each "
            f"sample, at least one, in one dimension or two."
        )
    return array


class _UnfitArrayError(ValueError):
    """An array that is sound, and of no use."""


@contextmanager
def _one_clear_error(path):
    try:
        yield
    except (TooLargeError, MemoryError, _UnfitArrayError):
        raise
    except PermissionError as error:
        raise PermissionError(
            f"{path} may not be read: check its permissions."
        ) from error
    except Exception as error:  # numpy parses a header as Python: it raises anything
        if any(said in str(error) for said in _OBJECTS):
            raise ValueError(
                f"{path} holds Python objects, which are not unpickled: save an array "
                f"of numbers."
            ) from error
        raise ValueError(
            f"{path} cannot be read as an array of NumPy ({shown(error)}): save it "
            f"again, by numpy.save or numpy.savez."
        ) from error


def is_array_file(path):
    """Whether the name of a file is that of arrays."""
    return str(path).lower().endswith(ARRAY_EXTENSIONS)


def same_rows(path, arrays):
    """Return how many rows all arrays have, or raise."""
    sizes = {name: array.shape[0] for name, array in arrays.items()}
    if len(set(sizes.values())) > 1:
        (first, n), *others = sizes.items()
        odd = [name for name, size in others if size != n]
        raise ValueError(
            f"{path}: {first!r} has {n} rows and {listed(odd, 1)} {sizes[odd[0]]}: "
            f"save arrays of the same rows."
        )
    return next(iter(sizes.values()))
