"""What the actors act on: the front, the table, the truce; and the record of what happened."""
