"""The pages of an authority's case workers, in German and English; server-rendered, without any script."""
