"""The ticket on paper: a sheet to fold, a card to cut out, and cards for a whole class."""
