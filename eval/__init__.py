"""The offline harness: the production pipeline measured over labelled incidents."""
