"""Hostile input, made from a seed, for all that Truce reads; `benchmarks/fuzz.py` feeds it and counts answers."""
