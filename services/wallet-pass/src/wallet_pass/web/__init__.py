"""The pages of families: one page for each pass, in German and English."""
