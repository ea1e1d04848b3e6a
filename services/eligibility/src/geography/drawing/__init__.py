"""A way to school drawn: SVG, GeoJSON, legend."""
