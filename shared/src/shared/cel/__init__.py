"""CEL, as far as an authority's own conditions use it: compiled, and bounded in the work that they can make."""
