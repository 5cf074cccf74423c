"""The tool-box's pages: look for a material, look at it, add one, put one away."""


