"""Plug-ins: user-supplied functions, named as "module:function"."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from functools import partial

from part_perception.errors import InputError


def plugin(name: str, role: str, others: str) -> Callable:
    """A function on Python's path or in the folder where the command runs; `others` are what `role` may be besides."""
    module, colon, function = name.partition(":")
    if not colon or not module or not function:
        raise InputError(f"a {role} must be {others} or 'module:function', not {name!r}")
    sys.path.insert(0, os.getcwd())
    try:
        found = getattr(importlib.import_module(module), function, None)
    except ImportError as error:
        raise InputError(f"the {role}'s module {module!r} cannot be imported: {error}") from error
    finally:
        sys.path.remove(os.getcwd())
    if not callable(found):
        raise InputError(f"the module {module!r} has no function {function!r}")
    return partial(answers, found, f"the {role} {name}")


def answers(function: Callable, called: str, *given) -> list:
    """What a plug-in answers; where it fails, the fault is not ours."""
    try:
        return list(function(*given))
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{called} failed: {type(error).__name__}: {error}") from error
