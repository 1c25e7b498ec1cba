"""An attacker: publishes arbitrary bytes as a request to a service, which no ROS client can do."""

from __future__ import annotations

import ctypes
from typing import Any


class Duration(ctypes.Structure):
    _fields_ = [("seconds", ctypes.c_uint64), ("nanoseconds", ctypes.c_uint64)]


class Quality(ctypes.Structure):
    """rmw_qos_profile_t."""

    _fields_ = [
        ("history", ctypes.c_int),
        ("depth", ctypes.c_size_t),
        ("reliability", ctypes.c_int),
        ("durability", ctypes.c_int),
        ("deadline", Duration),
        ("lifespan", Duration),
        ("liveliness", ctypes.c_int),
        ("lease", Duration),
        ("plain_name", ctypes.c_bool),
    ]


class Options(ctypes.Structure):
    """rmw_publisher_options_t."""

    _fields_ = [("payload", ctypes.c_void_p), ("unique", ctypes.c_int)]


class Serialized(ctypes.Structure):
    """rmw_serialized_message_t."""

    _fields_ = [
        ("buffer", ctypes.c_char_p),
        ("length", ctypes.c_size_t),
        ("capacity", ctypes.c_size_t),
        ("allocator", ctypes.c_void_p * 5),
    ]


KEEP_LAST, RELIABLE, VOLATILE, AUTOMATIC = 1, 1, 2, 1


class RawRequests:
    """A publisher on the topic of a service's requests. Raises an OSError with any other middleware."""

    def __init__(self, node: Any, kind: Any, name: str):
        rcl, self._rmw = ctypes.CDLL("librcl.so"), ctypes.CDLL("librmw_fastrtps_cpp.so")
        request = kind.Request
        if request._TYPE_SUPPORT is None:
            type(request).__import_type_support__()
        capsule = ctypes.pythonapi.PyCapsule_GetPointer
        capsule.restype, capsule.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
        handle = rcl.rcl_node_get_rmw_handle
        handle.restype, handle.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
        create = self._rmw.rmw_create_publisher
        create.restype = ctypes.c_void_p
        create.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p] + 2 * [ctypes.c_void_p]
        quality = Quality(
            KEEP_LAST, 100, RELIABLE, VOLATILE, Duration(), Duration(), AUTOMATIC, Duration(), True
        )
        self._publisher = create(
            handle(node.handle.pointer),
            capsule(request._TYPE_SUPPORT, None),
            f"rq{name}Request".encode(),
            ctypes.byref(quality),
            ctypes.byref(Options()),
        )
        assert self._publisher, f"no publisher for the requests of {name}"

    def publish(self, data: bytes) -> bool:
        """Whether the bytes were sent; more than a request can hold are not."""
        send = self._rmw.rmw_publish_serialized_message
        send.argtypes = 3 * [ctypes.c_void_p]
        message = Serialized(data, len(data), len(data))
        return send(self._publisher, ctypes.byref(message), None) == 0

    def count(self) -> int:
        """The number of servers that listen."""
        number, count = ctypes.c_size_t(), self._rmw.rmw_publisher_count_matched_subscriptions
        count.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        assert count(self._publisher, ctypes.byref(number)) == 0
        return number.value
