"""Makes wallet passes out of signed tickets.

hears  application.family_erased, pass_link_changed; ticket.issued, renewed, revoked, replaced, suspended, restored,
       end_changed
says   pass.ready, audit_head
owns   passes, the design settings of each authority, the certificates that sign passes
never  signs a ticket, or asks whether a child is entitled
"""
