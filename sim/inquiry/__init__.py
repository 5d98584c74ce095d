"""Questions put to the model that take simulations of their own to answer."""
