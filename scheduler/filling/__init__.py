"""The first sweep: each body is asked, by one letter, for its accounts, sites and feeds."""
