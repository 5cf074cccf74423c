"""How what went out was received: figures by publication, by whatever one asks, and how sure one may be of them."""
