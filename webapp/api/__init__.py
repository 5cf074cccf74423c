"""The same for machines: JSON for whoever has a token of their own, somebody signed in, or a key of a body.

Each module describes its own operations and shapes; what is imported here stands in the document.
"""

from webapp.api import (
    acts,
    deciding,
    figures,
    formats,
    myself,
    openapi,
    plan,
    post_shapes,
    posts,
    replications,
    results,
    reviewing,
    sendings,
    shapes,
    toolbox,
    webhooks,
    wire,
)
from webapp.api.views import blueprint

__all__ = [
    "acts",
    "blueprint",
    "deciding",
    "figures",
    "formats",
    "myself",
    "openapi",
    "plan",
    "post_shapes",
    "posts",
    "replications",
    "results",
    "reviewing",
    "sendings",
    "shapes",
    "toolbox",
    "webhooks",
    "wire",
]
