"""Everything that talks to a language model or an embedding provider; nothing else in the project does."""
