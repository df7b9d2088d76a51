"""The vector index of a case and its keyword twin: what finds chunks, and can always be rebuilt from the lake."""
