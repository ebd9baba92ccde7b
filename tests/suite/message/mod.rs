//! The bytes of one message, read, built, compared and explained.

mod build;
mod compare;
mod findings;
mod kerberos;
mod vectors;
