"""Nothing is told to anybody else: tracing of the libraries is off, whatever the environment says."""

from contextlib import AbstractContextManager


def untraced() -> AbstractContextManager[None]:
    """A block in which LangSmith records nothing, even where `LANGSMITH_TRACING` is set for other programs."""
    from langsmith import tracing_context

    return tracing_context(enabled=False)
