"""Homeport: a personal website and the production stack that runs it."""

__version__ = "0.1.0"
