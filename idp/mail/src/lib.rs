//! Letters to people about their own accounts: written in six languages, sent by SMTP.
//!
//! Owns no state: what waits to be sent lies in the store. Never puts a secret into a letter.
