"""Relaying: what the commission replicates of what others publish, every day, each in its turn."""
