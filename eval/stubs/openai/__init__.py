"""A server that speaks as OpenAI, Azure OpenAI and Ollama do: scripted replies, faults on demand, a log of requests."""

from eval.stubs.openai.schema import example_of, lint_strict_schema
from eval.stubs.openai.script import FAULTS, Answer, Fault, Heard, Message, Replier
from eval.stubs.openai.server import OpenAIStub

__all__ = [
    "FAULTS",
    "Answer",
    "Fault",
    "Heard",
    "Message",
    "OpenAIStub",
    "Replier",
    "example_of",
    "lint_strict_schema",
]
