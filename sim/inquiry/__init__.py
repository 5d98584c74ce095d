"""Questions put to the model that need runs of their own."""
