"""The judging: pure functions on values. No clock, file, network, log or environment in here."""
