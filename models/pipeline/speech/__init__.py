"""The `keyword` family: spoken commands in one second of 16 kHz audio."""
