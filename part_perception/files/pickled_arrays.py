"""Pickled .npy files, in which `numpy.save` stores a dictionary of arrays, read without unpickling.

The file's pickle instructions only build data: nothing that it names is imported or called.
"""

from __future__ import annotations

import pickletools
from pathlib import Path
from typing import Any

import numpy as np

from part_perception.errors import InputError
from part_perception.storage import read_file

_MAX_BYTES = 1 << 28  # bytes
_VALUES = {
    "NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": (),
}  # fmt: skip
_CONSTANTS = {
    "BININT", "BININT1", "BININT2", "INT", "LONG", "LONG1", "LONG4", "BINFLOAT", "FLOAT", "BINUNICODE",
    "SHORT_BINUNICODE", "BINUNICODE8", "UNICODE", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8",
}  # fmt: skip
_IGNORED = {"PROTO", "FRAME", "STOP"}
_NUMPY = {"numpy.core.multiarray", "numpy._core.multiarray"}


def read_pickled_dict(path: Path) -> dict[str, Any]:
    """The dictionary of arrays, numbers and text that a file made by `numpy.save` holds."""
    data = read_file(path, _MAX_BYTES)
    if data[:6] != b"\x93NUMPY":
        raise InputError(f"{path} is not an .npy file")
    width = 2 if data[6:7] == b"\x01" else 4
    start = 8 + width + int.from_bytes(data[8 : 8 + width], "little")
    if b"O" not in data[8 + width : start]:
        raise InputError(f"{path} holds an array, not a dictionary of arrays")
    try:
        held = _Machine().run(data[start:])
        found = held.item() if isinstance(held, np.ndarray) else held
    except InputError as error:
        raise InputError(f"{path} {error}") from None
    except Exception as error:  # a damaged file can break off anywhere
        raise InputError(f"{path} is damaged: {type(error).__name__}") from None
    if not isinstance(found, dict):
        raise InputError(f"{path} does not hold a dictionary of arrays")
    return found


class _Name(tuple):
    """A name in a file: a module and something in it. It is never looked up."""


class _Type:
    """A numpy type under construction."""

    def __init__(self, code: str):
        if not isinstance(code, str) or code[:1] not in "biufOSU":
            raise InputError(f"holds an array of type {code!r}, which is not read")
        self.code, self.order = code, "<"

    @property
    def dtype(self) -> np.dtype:
        return np.dtype(self.code).newbyteorder(">" if self.order == ">" else "<")


class _Array:
    """An array under construction."""

    value: Any = None


class _Machine:
    """Follows the instructions of a pickle as far as arrays, dictionaries and lists need them."""

    def __init__(self):
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def run(self, data: bytes) -> Any:
        for opcode, argument, _ in pickletools.genops(data):
            self._follow(opcode.name, argument)
        return self._done(self.stack[-1])

    def _follow(self, name: str, argument: Any) -> None:
        stack = self.stack
        if name in _IGNORED:
            return
        if name in _VALUES or name in _CONSTANTS:
            stack.append(argument if name in _CONSTANTS else _VALUES[name])
        elif name == "EMPTY_DICT":
            stack.append({})
        elif name == "EMPTY_LIST":
            stack.append([])
        elif name == "MARK":
            self.marks.append(len(stack))
        elif name in ("TUPLE", "TUPLE1", "TUPLE2", "TUPLE3"):
            stack.append(tuple(self._taken() if name == "TUPLE" else self._last(int(name[-1]))))
        elif name in ("SETITEMS", "SETITEM"):
            items = self._taken() if name == "SETITEMS" else self._last(2)
            stack[-1].update(zip(items[::2], items[1::2], strict=True))
        elif name in ("APPENDS", "APPEND"):
            items = self._taken() if name == "APPENDS" else self._last(1)
            stack[-1].extend(items)
        elif name == "GLOBAL":
            stack.append(_Name(argument.split(" ")))
        elif name == "STACK_GLOBAL":
            stack.append(_Name(self._last(2)))
        elif name == "REDUCE":
            called, arguments = self._last(2)
            stack.append(self._made(called, arguments))
        elif name == "BUILD":
            (state,) = self._last(1)
            self._complete(stack[-1], state)
        elif name == "MEMOIZE":
            self.memo[len(self.memo)] = stack[-1]
        elif name in ("BINPUT", "LONG_BINPUT", "PUT"):
            self.memo[int(argument)] = stack[-1]
        elif name in ("BINGET", "LONG_BINGET", "GET"):
            stack.append(self.memo[int(argument)])
        else:
            raise InputError(f"holds Python objects ({name}), which are not read")

    def _taken(self) -> list[Any]:
        return self._last(len(self.stack) - self.marks.pop())

    def _last(self, count: int) -> list[Any]:
        taken = self.stack[len(self.stack) - count :]
        del self.stack[len(self.stack) - count :]
        return taken

    def _made(self, called: Any, arguments: tuple) -> Any:
        module, name = called
        if module in _NUMPY and name == "_reconstruct":
            return _Array()
        if (module, name) == ("numpy", "dtype"):
            return _Type(arguments[0])
        if module in _NUMPY and name == "scalar":
            return np.frombuffer(arguments[1], arguments[0].dtype)[0].item()
        if (module, name) == ("_codecs", "encode"):
            return arguments[0].encode("latin-1")
        raise InputError(f"refers to {module}.{name}, which is not read")

    def _complete(self, made: Any, state: tuple) -> None:
        if isinstance(made, _Type):
            made.order = state[1]
        elif isinstance(made, _Array):
            _, shape, kind, fortran, data = state
            if kind.code.startswith("O"):
                made.value = np.empty(shape, object)
                made.value.reshape(-1)[:] = [self._done(each) for each in data]
            else:
                made.value = np.frombuffer(data, kind.dtype).reshape(shape, order="F" if fortran else "C")
        else:
            raise InputError("holds Python objects, which are not read")

    def _done(self, value: Any) -> Any:
        if isinstance(value, _Array):
            return value.value
        if isinstance(value, dict):
            return {key: self._done(each) for key, each in value.items()}
        return value
