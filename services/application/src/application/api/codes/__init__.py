"""What an authority's people do with codes: for a class, by letter; over HTTP and on a page."""
