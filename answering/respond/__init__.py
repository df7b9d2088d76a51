"""What to do now: advice with the lines that justify it, and block rules tried on these very lines."""

from answering.respond.response import respond

__all__ = ["respond"]
