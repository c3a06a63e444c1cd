"""Renders every state a report can be in, from nights made by hand, into a folder."""
