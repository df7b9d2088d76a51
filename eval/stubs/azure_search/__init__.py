"""A server that speaks as Azure AI Search does: refuses what it refuses, finds exactly, fails on demand."""

from eval.stubs.azure_search.refusal import Refusal
from eval.stubs.azure_search.server import AzureSearchStub, Fault, Heard

__all__ = ["AzureSearchStub", "Fault", "Heard", "Refusal"]
