"""Tables of what persons do: questions, proposals, documents, the work list."""
