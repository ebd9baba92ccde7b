//! The bytes of one message and their meaning: NTLM and Kerberos messages with every field and its
//! place, their differences, and one sentence for each field. Knows nothing of where they were
//! found.

pub mod compare;
pub mod content;
pub mod der;
pub mod explain;
pub mod field;
pub mod kerberos;
pub mod missing;
pub mod ntlm;
pub mod wire;
