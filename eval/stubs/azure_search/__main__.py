"""The stub as a program: `python -m eval.stubs.azure_search --port 18081` prints its address and serves."""

import argparse
import sys
from collections.abc import Sequence

from eval.stubs.azure_search.server import AzureSearchStub


def main(arguments: Sequence[str] | None = None) -> None:
    """Serves until interrupted; everything is in memory and gone afterwards."""
    parser = argparse.ArgumentParser(prog="python -m eval.stubs.azure_search", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", default=AzureSearchStub().key, help="the admin key it accepts")
    parser.add_argument("--lag", type=int, default=0, help="searches that pass before an upload is found")
    parser.add_argument("--no-semantic", action="store_true", help="as a service without the semantic ranker")
    given = parser.parse_args(arguments)
    stub = AzureSearchStub(key=given.key, port=given.port, lag=given.lag, semantic=not given.no_semantic)
    server = stub.open()
    sys.stdout.write(f"{stub.url}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
