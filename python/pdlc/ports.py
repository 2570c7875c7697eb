"""Arguments and results of a library's functions: from Python to C and back. NumPy's arrays are passed as they are where they fit."""

import collections
import ctypes
import functools
import operator
import weakref

import numpy as np

# Element types of PDL: NumPy's and C's.
_ELEMENTS = {
    "bool": (np.bool_, ctypes.c_uint8),
    "i32": (np.int32, ctypes.c_int32),
    "i64": (np.int64, ctypes.c_int64),
    "u32": (np.uint32, ctypes.c_uint32),
    "u64": (np.uint64, ctypes.c_uint64),
    "f32": (np.float32, ctypes.c_float),
    "f64": (np.float64, ctypes.c_double),
}

# The extent of an array that was not there or did not fit: the library refuses it on all ranks, so that none of them waits.
_REFUSED = -1


class Port:
    """A number or array that goes in or out, as the library's description says it."""

    def __init__(self, facts):
        self.name, self.element, self.placement = facts["name"], facts["element"], facts["placement"]
        self.axes, self.divided, self.extents = facts["axes"], facts.get("divided"), facts["extents"]
        self.dtype, self.ctype = np.dtype(_ELEMENTS[self.element][0]), _ELEMENTS[self.element][1]


class Argument(Port):
    """An argument of a function."""

    def __init__(self, facts):
        super().__init__(facts)
        extents = [ctypes.c_int64] * self.axes
        self.ctypes = [ctypes.c_void_p, *extents] if self.axes else [self.ctype]
        self.refused = [None, *[_REFUSED] * self.axes] if self.axes else [0]

    def pass_on(self, value, rank, words):
        """Appends what C is given for the value to `words` and returns the array that must live until then; None for a number.

        Raises TypeError or ValueError.
        """
        if rank != 0 and value is None and self.placement == "root":
            words += [None, *[0] * self.axes] if self.axes else [0]
            return None
        if not self.axes:
            words.append(value if type(value) is float and self.element == "f64" else self._number(value))
            return None
        array = value if isinstance(value, np.ndarray) else np.asarray(value)
        if array.dtype != self.dtype:
            raise TypeError(f"`{self.name}` is an array of {self.element} ({self.dtype}), not of {array.dtype}")
        shape = array.shape
        if len(shape) != self.axes:
            raise ValueError(f"`{self.name}` has {self.axes} axes, not {len(shape)}")
        if not array.flags.c_contiguous:
            array = np.ascontiguousarray(array)
        words.append(array.ctypes.data)
        words += shape
        return array

    def _number(self, value):
        if isinstance(value, np.ndarray) and value.ndim == 0:
            value = value[()]
        if self.element == "bool":
            if isinstance(value, (bool, np.bool_)):
                return bool(value)
        elif self.dtype.kind == "f":
            if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
                return float(value)
        elif not isinstance(value, (bool, np.bool_)) and hasattr(value, "__index__"):
            return self._integer(operator.index(value))
        raise TypeError(f"`{self.name}` is {self.element}, not {type(value).__name__}")

    def _integer(self, value):
        range_ = np.iinfo(self.dtype)
        if not range_.min <= value <= range_.max:
            raise ValueError(f"`{self.name}` is {self.element}: {value} is out of its range")
        return value


class Result(Port):
    """A result of a function."""

    def __init__(self, facts, free):
        super().__init__(facts)
        self._is_allocated, self._free = facts.get("allocated", False), free
        self.ctypes = [ctypes.c_void_p] * (2 if self._is_allocated else 1)

    def make_room(self, shapes, rank, words):
        """Appends to `words` where C puts the result, and returns a function that gives its value when C has been called."""
        is_here = rank == 0 or self.placement != "root"
        if not self.axes:
            number = self.ctype()
            words.append(ctypes.addressof(number))
            return lambda: None if not is_here else bool(number.value) if self.element == "bool" else number.value
        if self._is_allocated:
            return self._await(words, is_here)
        if not is_here:
            words.append(None)
            return lambda: None
        array = np.empty(tuple([self._extent(extent, shapes) for extent in self.extents]), self.dtype)
        words.append(array.ctypes.data)
        return lambda: array

    def _extent(self, extent, shapes):
        if "constant" in extent:
            return extent["constant"]
        # An argument that did not fit has no shape; then nothing is written to the result.
        shape = shapes[extent["argument"]]
        return shape[extent["axis"]] if shape else 0

    def _await(self, words, is_here):
        """For an array that the library makes."""
        address, extents = ctypes.c_void_p(), (ctypes.c_int64 * self.axes)()
        words += [ctypes.addressof(address), ctypes.addressof(extents)]
        return lambda: self._adopted(address.value, list(extents)) if is_here else None

    def _adopted(self, address, shape):
        """An array on the library's memory, which goes back when nobody holds the array any more."""
        memory = (ctypes.c_char * (int(np.prod(shape)) * self.dtype.itemsize)).from_address(address)
        weakref.finalize(memory, self._free, address)
        return np.frombuffer(memory, self.dtype).reshape(shape)


@functools.cache
def record(name, fields):
    """The named tuple of a record. Fields whose names Python keeps for itself are _0, _1, ..."""
    return collections.namedtuple(name, fields, rename=True)


def dissolved(value, taken, name):
    """The numbers and arrays in a value of a tuple's or record's type, in order; a record is anything that has its fields.

    Raises TypeError.
    """
    if taken["kind"] == "parameter":
        return [value]
    items, fields = taken["items"], taken.get("fields")
    if value is None:  # where only rank 0 gives something
        parts = [None] * len(items)
    elif fields and getattr(value, "_fields", None) is None and not isinstance(value, (tuple, list)):
        parts = [_field(value, field, name, taken["name"]) for field in fields]
    elif isinstance(value, (tuple, list)) and len(value) == len(items):
        parts = value
    else:
        wanted = taken["name"] if fields else f"a tuple of {len(items)}"
        raise TypeError(f"`{name}` is {wanted}, not {type(value).__name__}")
    return [leaf for part, item in zip(parts, items) for leaf in dissolved(part, item, name)]


def _field(value, field, name, record_name):
    """A field of a mapping, of a structured array or its element, or of an object."""
    try:
        return value[field] if hasattr(value, "__getitem__") else getattr(value, field)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise TypeError(f"`{name}` is {record_name}; {type(value).__name__} has no `{field}`") from None


def assemble(returned, values):
    """What a call returns: one of the results, or a tuple or named tuple of such, or None."""
    kind = returned["kind"]
    if kind == "result":
        return values[returned["result"]]
    if kind == "nothing":
        return None
    items = [assemble(item, values) for item in returned["items"]]
    return tuple(items) if kind == "tuple" else record(returned["name"], tuple(returned["fields"]))(*items)
