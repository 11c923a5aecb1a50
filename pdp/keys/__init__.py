"""The encryption keys at work: their proof at boot, their rotation, their state."""
