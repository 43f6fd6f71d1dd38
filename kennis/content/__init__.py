"""What is shared: kinds, fields, vocabularies, the status machine, what is worked out from an entry."""
