"""What a school says of the pupils who apply for it."""
