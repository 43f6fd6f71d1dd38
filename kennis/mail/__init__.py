"""What Kennis mails to people with an account, never to a storyteller: a queue in the database, and who empties it."""
