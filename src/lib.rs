//! Adds leads to the groups of a JustClick account.
