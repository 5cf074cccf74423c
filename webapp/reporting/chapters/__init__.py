"""The chapters of a report, one a module: each makes sections of what was gathered."""
