"""What "nothing found" means: absent, or unknown until something is collected."""

from answering.absence.certificate import certify

__all__ = ["certify"]
