"""Refusal: why there is no answer, as a code for programs and a sentence for people."""

from __future__ import annotations

from part_perception_interfaces.msg import Status

__all__ = ["Refusal", "Status"]


class Refusal(Exception):  # noqa: N818 - an honest "no" is no error
    """Raised where no answer is possible; it becomes the reply's `status`."""

    def __init__(self, code: int, sentence: str):
        super().__init__(sentence)
        self.code = code

    @property
    def status(self) -> Status:
        return Status(code=self.code, message=str(self))

    @property
    def name(self) -> str:
        """The code's name, such as NO_CLOUD."""
        return STATUS_NAMES[self.code]


_NAMES = ("OK", "NO_CLOUD", "CLOUD_TOO_OLD", "BAD_CLOUD", "NO_TRANSFORM", "NO_OBJECT", "PART_NOT_FOUND",
          "BAD_TEXT", "BAD_REQUEST", "MODEL_NOT_READY", "INACTIVE", "TIMED_OUT", "CANCELLED",
          "INTERNAL_ERROR", "TEXT_NOT_UNDERSTOOD", "BUSY")  # fmt: skip
STATUS_NAMES = {getattr(Status, name): name for name in _NAMES}
