"""The AutoElevate Partner API as its contract describes it."""
