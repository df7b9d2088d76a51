"""Suites of questions: what is asked of a labelled case, in how many wordings, and what the answer has to say."""
