"""Questions that take simulations of their own to answer: why there is no deal, and what it would take."""
