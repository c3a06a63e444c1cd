"""A loopback HaloPSA, AutoElevate and mailbox around a seeded world whose truth is known."""
