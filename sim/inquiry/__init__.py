"""Questions that take simulation of their own to answer: designs are made, run and analysed."""
