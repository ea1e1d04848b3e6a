"""Pictures that an authority uploads: read in a confined process, kept as pixels, scaled by us."""
