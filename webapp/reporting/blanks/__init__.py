"""Blanks: the DOCX a coordinator uploads with places such as {{estado}}; checked, listed with help, and filled in."""
