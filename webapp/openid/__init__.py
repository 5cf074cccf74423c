"""OpenID Connect: the institution's own provider, asked and held to what it promised. It has no pages."""
