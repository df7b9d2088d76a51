"""What a model cannot do to an answer: lies and obedience, measured."""
