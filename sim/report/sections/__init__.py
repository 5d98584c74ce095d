"""The sections with figures: each is a function from what the report stands on to a section of plain text."""
