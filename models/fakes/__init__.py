"""Chat models without a provider: they say what they are told to, and stand in wherever a real one does."""
