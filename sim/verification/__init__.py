"""Verification: theory, evidence and claims of the article against the code that runs the scenarios."""
