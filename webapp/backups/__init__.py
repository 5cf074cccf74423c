"""Backups: made every night, sealed, tried before they are called good; kept for some time, and brought back."""
