"""What things are here: applications, documents, schools, and how an application stands. Pure: no clock, no I/O."""
