"""An authority's rule set as a document: its values, their kinds and bounds, its own conditions, what differs from its origin."""
