"""How good the pictures and the judgements are."""
