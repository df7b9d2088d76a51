"""Azure AI Search as the vector index of a case: vectors and texts are there, what counts of them is noted here."""
