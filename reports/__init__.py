"""What people read: one view of a run, and the mail, page and tables made from it."""
