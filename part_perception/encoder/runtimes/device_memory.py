"""Device memory: named GPU buffers that grow on demand, and copies to and from them, on one stream."""

from __future__ import annotations

import numpy as np

from part_perception.errors import InputError


class Device:
    """The first GPU, through the cuda-python package."""

    def __init__(self):
        try:
            try:
                from cuda.bindings import runtime as cuda
            except ImportError:  # releases before 12.6
                from cuda import cudart as cuda
        except ImportError as error:
            raise InputError("TensorRT needs the package cuda-python: pip install cuda-python") from error
        self._cuda = cuda
        properties = self._call(cuda.cudaGetDeviceProperties(0))
        self.name = properties.name.decode().rstrip("\0")
        self.capability = f"{properties.major}.{properties.minor}"
        self.stream = int(self._call(cuda.cudaStreamCreate()))
        self._buffers: dict[str, tuple[int, int]] = {}

    def room(self, name: str, size: int) -> int:
        """The address of a buffer of at least that size."""
        address, held = self._buffers.get(name, (0, 0))
        if held < size:
            if address:
                self._call(self._cuda.cudaFree(address))
            self._buffers[name] = int(self._call(self._cuda.cudaMalloc(size))), size
        return self._buffers[name][0]

    def upload(self, name: str, value: np.ndarray) -> int:
        """Copy an array into its buffer; returns the address."""
        address = self.room(name, value.nbytes)
        to_device = self._cuda.cudaMemcpyKind.cudaMemcpyHostToDevice
        self._call(
            self._cuda.cudaMemcpyAsync(address, value.ctypes.data, value.nbytes, to_device, self.stream)
        )
        self.wait()  # the caller may free the array
        return address

    def download(self, name: str, value: np.ndarray) -> None:
        """Fill an array from its buffer."""
        address = self._buffers[name][0]
        to_host = self._cuda.cudaMemcpyKind.cudaMemcpyDeviceToHost
        self._call(self._cuda.cudaMemcpyAsync(value.ctypes.data, address, value.nbytes, to_host, self.stream))

    def wait(self) -> None:
        self._call(self._cuda.cudaStreamSynchronize(self.stream))

    def _call(self, result: tuple):
        """The value of a CUDA call; its error becomes ours."""
        status, *values = result
        if int(status) != 0:
            raise InputError(f"CUDA fails: {status}")
        return values[0] if values else None
