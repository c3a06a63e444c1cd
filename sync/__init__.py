"""halosync: the nightly reconciliation of HaloPSA and AutoElevate."""

__version__ = "0.1.0"
