"""Takes the family's application and tells how it stands.

hears  eligibility.granted, refused, review_opened, question_asked, withdrawn, share_changed, application_due,
       message_filed, message_read, change_settled, form_published, delivery_changed; ticket.state_changed,
       request_answered; pass.ready
says   application.submitted, changed, withdrawn, holder_given, document_added, document_opened, document_removed,
       self_payer_chosen, loss_reported, pass_link_changed, family_erased, hint_sent, hint_failed, notice_retrieved,
       attendance_confirmed, attendance_questioned, attendance_ended, attendance_reopened, audit_head
owns   applications, drafts of them, their documents and timelines, who helps with them, where hints by e-mail go, what
       schools say of pupils; a read-only directory of schools and authorities, and what these add to the form
never  decides: what it hears of decisions and tickets is news for the family
"""
