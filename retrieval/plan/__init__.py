"""From a question to a typed plan, without a model: any Japanese, English or mixed text, no I/O, no clock."""

from retrieval.plan.canonical import canonical
from retrieval.plan.compose import plan

__all__ = ["canonical", "plan"]
