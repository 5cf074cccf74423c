"""Placeholder until the rules land."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NetworkRules:
    """See the branch that brings the rules."""

    network: str
