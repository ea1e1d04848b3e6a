"""Stands before the copies of each service: in turn, past those that are not ready.

A request goes to another copy only where that cannot do anything twice: nothing of it was sent, or it is one that may
be repeated and has no body. What else fails half-way is told to whoever asked, who repeats it with the same key.
"""
