"""Hostile input, made from a seed, for everything that Truce reads; `benchmarks/fuzz.py` feeds it and counts answers."""
