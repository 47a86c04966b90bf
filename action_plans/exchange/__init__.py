"""The plan as a table: its columns, reading, comparing, writing. Pure: no ORM, no clock, no settings."""
