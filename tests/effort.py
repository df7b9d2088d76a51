"""How many generated examples a trial is given that needs more, or fewer, than is usual."""

from hypothesis import settings

USUAL = 100
FEWEST = 4


def examples(whole: int) -> int:
    """So many in the whole suite; in the everyday gate as many fewer as of every other trial."""
    return max(min(whole, FEWEST), whole * settings().max_examples // USUAL)
