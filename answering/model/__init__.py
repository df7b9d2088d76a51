"""What a model adds to an answer: asked once, checked piece by piece, and never believed."""
