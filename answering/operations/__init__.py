"""What can be asked of a case: one module an operation, each giving one checked part of an answer."""
