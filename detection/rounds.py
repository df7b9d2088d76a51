"""How a field is decoded round by round: for showing, not for speed."""

import numpy as np

from core.field import Field
from detection.decode import ROUNDS, one_round


def rounds(text: bytes, field: Field) -> tuple[bytes, ...]:
    """What every round of decoding makes of the text, as long as it changes; the last is its decoded form."""
    forms: list[bytes] = []
    source = np.frombuffer(text, np.uint8)
    for number in range(ROUNDS):
        target = np.empty(2 * len(source) + 16, np.uint8)
        size = one_round(source, 0, len(source), target, number == 0 and field is Field.QUERY)
        form = target[:size].tobytes()
        if form == source.tobytes():
            break
        forms.append(form)
        source = target[:size].copy()
    return tuple(forms)
