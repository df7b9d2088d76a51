"""Every claim re-computed over the lake, one small module a kind."""
