"""HaloPSA as its contract describes it: token, lists, records by id, set-up, tickets."""
