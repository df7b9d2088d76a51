"""The vocabulary every room shares: frozen values and pure functions, no I/O."""
