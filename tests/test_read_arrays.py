"""Arrays in the files of NumPy: read without a copy, never unpickled, or refused."""

import io
import os
import pickle
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from skdataquality.tables import read_arrays
from skdataquality.tables._read_arrays import same_rows

DTYPES = ("f2", "f4", "f8", ">f4", "i1", "u8", "?", "U3", "S2")


def saved(path, array, **options):
    with open(path, "wb") as file:
        np.lib.format.write_array(file, array, **options)
    return path


# ------------------------------------------------------------------ what is read
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_saved_array_comes_back_as_it_is(tmp_path, dtype, order):
    array = np.asarray(np.arange(12).reshape(4, 3), dtype=dtype, order=order)
    found = read_arrays(saved(tmp_path / "a.NPY", array))["points"]
    assert_array_equal(found, array)
    assert found.dtype == array.dtype
    np.savez_compressed(tmp_path / "a.npz", x=array, y=array[:, 0])
    arrays = read_arrays(tmp_path / "a.npz")
    assert list(arrays) == ["x", "y"]
    assert_array_equal(arrays["x"], array)
    assert_array_equal(arrays["y"], array[:, 0])


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_of_the_format_is_read(tmp_path, version):
    path = saved(tmp_path / "a.npy", np.ones((2, 2)), version=version)
    assert_array_equal(read_arrays(path)["points"], np.ones((2, 2)))


def test_a_single_array_is_mapped_and_cannot_be_written(tmp_path):
    path = saved(tmp_path / "a.npy", np.ones((5, 2), dtype=np.float32))
    found = read_arrays(path, max_bytes=1)["points"]
    assert isinstance(found, np.memmap)
    assert not found.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        found[0, 0] = 2


def test_arrays_of_other_rows_are_refused_by_name(tmp_path):
    arrays = {"e": np.ones((4, 2)), "w": np.ones(4)}
    assert same_rows(tmp_path, arrays) == 4
    with pytest.raises(ValueError, match="'e' has 4 rows and 'w' 3"):
        same_rows("pool.npz", arrays | {"w": np.ones(3)})


# --------------------------------------------------------------- what is refused
class Trap:
    """What writes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_python_objects_are_never_unpickled(tmp_path):
    array = np.array([Trap(tmp_path / "sprung"), None], dtype=object)
    saved(tmp_path / "a.npy", array, allow_pickle=True)
    np.savez(tmp_path / "a.npz", x=array)
    for name in ("a.npy", "a.npz"):
        with pytest.raises(ValueError, match="Python objects, which are not unpickled"):
            read_arrays(tmp_path / name)
    (tmp_path / "b.npy").write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
    with pytest.raises(ValueError, match="cannot be read as an array"):
        read_arrays(tmp_path / "b.npy")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.float64(1), r"shape \(\)"),
        (np.ones((2, 2, 2)), r"shape \(2, 2, 2\)"),
        (np.ones((0, 3)), "cannot be read as an array|shape"),
        (np.ones((3, 0)), "cannot be read as an array|shape"),
        (np.ones(3, dtype=complex), "dtype complex128"),
        (np.zeros(3, dtype=[("a", "f4"), ("b", "i4")]), "dtype"),
        (np.zeros(3, dtype="M8[D]"), "dtype datetime64"),
    ],
)
def test_what_is_no_table_of_numbers_is_refused(tmp_path, array, said):
    with pytest.raises(ValueError, match=said):
        read_arrays(saved(tmp_path / "a.npy", np.asarray(array)))
    np.savez(tmp_path / "a.npz", x=array)
    with pytest.raises(ValueError, match=said):
        read_arrays(tmp_path / "a.npz")


def test_an_archive_larger_than_memory_may_be_is_refused_before_it_is_read(tmp_path):
    np.savez_compressed(tmp_path / "bomb.npz", x=np.zeros((10_000, 100)))
    assert (tmp_path / "bomb.npz").stat().st_size < 100_000
    with pytest.raises(ValueError, match="more than 1000000 bytes in memory"):
        read_arrays(tmp_path / "bomb.npz", max_bytes=1_000_000)
    assert read_arrays(tmp_path / "bomb.npz", max_bytes=9_000_000)["x"].shape[0] == 1e4


def test_files_that_are_none_of_numpys(tmp_path):
    for name in ("a.npy", "a.npz"):
        for content in (b"", b"a,b\n1,2\n", b"\x93NUMPY", b"PK\x03\x04"):
            (tmp_path / name).write_bytes(content)
            with pytest.raises(ValueError, match="cannot be read as an array"):
                read_arrays(tmp_path / name)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("readme.txt", "no array")
    with pytest.raises(ValueError, match="cannot be read as an array"):
        read_arrays(tmp_path / "a.npz")
    with zipfile.ZipFile(tmp_path / "a.npz", "w"):
        pass
    with pytest.raises(ValueError, match="holds no array"):
        read_arrays(tmp_path / "a.npz")
    with pytest.raises(ValueError, match=r"must end in .npy or .npz"):
        read_arrays(saved(tmp_path / "a.npx", np.ones(2)))
    with pytest.raises(FileNotFoundError):
        read_arrays(tmp_path / "nowhere.npy")
    with pytest.raises(IsADirectoryError):
        read_arrays(tmp_path)
    os.mkfifo(tmp_path / "pipe.npy")
    with pytest.raises(OSError, match="no regular file"):
        read_arrays(tmp_path / "pipe.npy")


def test_a_name_that_stands_twice_is_refused(tmp_path):
    content = io.BytesIO()
    np.lib.format.write_array(content, np.ones(2))
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x.npy", content.getvalue())
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("x.npy", content.getvalue())
    with pytest.raises(ValueError, match="two arrays of the name 'x'"):
        read_arrays(tmp_path / "a.npz")


@settings(max_examples=150, deadline=None)
@given(cut=st.integers(0, 160), at=st.integers(0, 159), byte=st.integers(0, 255))
@pytest.mark.parametrize("name", ["a.npy", "a.npz"])
def test_damaged_files_raise_one_clear_error_or_read(
    tmp_path_factory, name, cut, at, byte
):
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / name
    if name == "a.npy":
        saved(path, np.ones((4, 2)))
    else:
        np.savez(path, x=np.ones((4, 2)))
    data = bytearray(path.read_bytes())
    data[at % len(data)] = byte
    path.write_bytes(bytes(data[: len(data) - cut]))
    try:
        arrays = read_arrays(path, max_bytes=10_000)
    except ValueError as error:
        assert str(path) in str(error)  # noqa: PT017
    else:
        assert all(array.ndim in (1, 2) for array in arrays.values())
