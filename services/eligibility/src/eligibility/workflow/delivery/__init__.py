"""How notices reach their addressees: by portal, mailbox or letter, and what follows where one way fails."""
