"""What is opened and closed again, in a `with` block or by hand."""

from abc import abstractmethod
from types import TracebackType
from typing import Self


class Closing:
    """Gives a class with `close` its `with` block."""

    @abstractmethod
    def close(self) -> None:
        """Lets go of what is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
