"""Commands on what a person should look at next: select, query and review."""
