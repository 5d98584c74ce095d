"""Rules: pure functions with plain ifs, each an equation of ``docs/model.md``, compiled by Numba.

A rule is written for one run and works on arrays over runs. It draws nothing: noise is an argument.
"""
