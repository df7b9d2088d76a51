"""Whole-process costs: memory of children counts, a failing command is no figure."""

import os
import sys

import pytest

from bench.measure import CommandFailedError, run

HELD = "import time; held = bytearray(90 << 20); time.sleep(0.3)"
BOTH = f"import subprocess, sys; other = subprocess.Popen([sys.executable, '-c', {HELD!r}]); {HELD}; other.wait()"


@pytest.mark.parametrize(("program", "megabytes"), [(HELD, 90), (BOTH, 180)], ids=["alone", "with a child"])
def test_peak_covers_the_process_tree(program: str, megabytes: int) -> None:
    cost = run([sys.executable, "-c", program], os.environ)
    assert cost.peak >= megabytes << 20


def test_wall_and_cpu_are_different_things() -> None:
    cost = run([sys.executable, "-c", "import time; time.sleep(0.2); print('done')"], os.environ)
    assert cost.wall >= 0.2 > cost.cpu
    assert cost.output == b"done\n"


def test_a_failing_command_is_no_figure() -> None:
    with pytest.raises(CommandFailedError, match="no such"):
        run([sys.executable, "-c", "raise SystemExit('no such thing')"], os.environ)
