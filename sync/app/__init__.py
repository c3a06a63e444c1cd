"""The wiring: configuration to runnable parts. It knows every part and decides nothing itself."""
