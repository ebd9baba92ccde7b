//! Values as they stand on the wire: open sets of numbers, flags, times and text, none of which
//! loses a bit of what was read.

mod av_id;
mod file_time;
mod kerberos;
mod message_type;
mod negotiate_flags;
mod nt_status;
mod text;
mod upper_case;

pub use av_id::{AvFlags, AvId};
pub use file_time::FileTime;
pub use kerberos::{KerberosMeaning, KerberosText, KerberosValue, encryption_type};
pub use message_type::MessageType;
pub use negotiate_flags::NegotiateFlags;
pub use nt_status::NtStatus;
pub use text::{Oem, Utf16Le};
pub use upper_case::{same_name, upper_case};
