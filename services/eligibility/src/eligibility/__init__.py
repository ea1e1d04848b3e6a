"""Decides by the rules of the responsible school authority.

hears  application.submitted, changed, withdrawn, self_payer_chosen, document_added, document_removed, document_opened,
       loss_reported, family_erased, hint_sent, hint_failed, notice_retrieved, attendance_confirmed,
       attendance_questioned, attendance_ended, attendance_reopened; ticket.state_changed, request_answered,
       quota_reached
says   eligibility.granted, refused, review_opened, question_asked, share_changed, application_due, withdrawn,
       message_filed, message_read, change_settled, form_published, ticket_change_requested, delivery_changed,
       audit_head
owns   authorities, rule sets, own forms, schools, addresses, the walking network, cases, decisions, notices
never  knows a key or a wallet
"""
