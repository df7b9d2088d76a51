"""One module per `akashi` command."""
