"""Who may do what with an application, and how others come to help with it, leave it, or take it over."""
