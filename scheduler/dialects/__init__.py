"""What networks of one kind have in common: their texts, their times, their ways to ask."""
