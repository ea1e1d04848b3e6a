"""Facts that cross a border, and mechanisms that never heard of tickets."""
