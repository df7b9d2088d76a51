"""The stub as a program: `python -m eval.stubs.openai --port 18080` prints its address and serves until interrupted."""

import argparse
import sys

from eval.stubs.openai.server import EVERY_MODE, OpenAIStub


def main() -> None:
    """Serves; faults, answers and the log of requests are under `/__stub__/` (script, faults, reset, requests)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between the pieces of a stream")
    parser.add_argument("--lenient", action="store_true", help="as a local server that ignores what it does not know")
    parser.add_argument("--modes", default=",".join(sorted(EVERY_MODE)), help="forms of replies it accepts")
    parser.add_argument("--key", action="append", help="a key it accepts (default: any)")
    parser.add_argument("--model", action="append", help="a model or deployment it has (default: any)")
    given = parser.parse_args()
    modes = frozenset(filter(None, given.modes.split(",")))
    stub = OpenAIStub(
        port=given.port, modes=modes, keys=given.key, models=given.model, lenient=given.lenient, delay=given.delay
    )
    sys.stdout.write(f"{stub.url}\n")
    sys.stdout.flush()
    try:
        stub.serve()
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
