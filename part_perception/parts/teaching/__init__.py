"""Teaching: new words from marked examples."""
