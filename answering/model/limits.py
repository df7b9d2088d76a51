"""How much of a draft is checked: what is beyond is struck as too much, so that no draft costs more than it may."""

FINDINGS = 40
STATEMENTS = 80
BENIGN = 20
SENTENCES = 60
EVIDENCE = 10
"""Quotes of one finding."""
VALUES = 100
"""Values of one table, of one condition of a selector, or ids that one sentence refers to."""
WITHOUT = 10
TEXT = 1_200
"""Characters of one title, reason or sentence."""
WORD = 1_000
"""Characters of one value of a selector or of a quote."""
REPLY = 400_000
"""Characters of a whole reply."""
SAID = 300
"""Characters of what was struck that are shown."""
LISTED = 20
"""Addresses of a finding that the model is shown; with no more than these it has to name all."""
EXCERPT = 4
"""Bytes that a quote needs at least to show anything."""
