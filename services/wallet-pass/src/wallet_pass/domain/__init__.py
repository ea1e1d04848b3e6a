"""What things are here: tickets as they were told, passes made of them, designs. Pure: no clock, no I/O."""
