"""Makes wallet passes out of signed tickets.

Hears: ticket.*.
Says:  pass.ready, audit_head.
Owns:  passes, the design settings of each authority, the certificates that sign passes.
Never: signs a ticket, or asks whether a child is entitled.
"""
