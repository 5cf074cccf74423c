"""The same for machines: JSON to read, for somebody signed in."""


