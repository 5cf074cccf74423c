"""The tables of the plan. ``webapp/schema.py`` names every models module of the house."""
