"""Rules tried before they hold: sentences of the law, and simulations on many cases."""
