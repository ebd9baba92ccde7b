//! A message with one value changed by hand, to see which check catches it.
//!
//! [`Editable`] says what of a message can be changed and how it is written, [`change`] makes the
//! message that follows, and [`as_client`] computes anew what only the holder of the secret can.
//! The message is built again in the layout of [`ntlm::build`], so pointers follow where lengths
//! change.
//!
//! [`ntlm::build`]: crate::message::ntlm::write

mod client;
mod place;

use std::sync::Arc;

use place::Place;

pub use client::{ComputeError, as_client};

use crate::base::finding::Code;
use crate::message::{
    field::{FieldPath, hex},
    ntlm::{
        Charset, Message, PayloadField,
        write::{self, AvPair, BuildError},
    },
    wire::{AvId, NegotiateFlags, Utf16Le},
};

/// The form in which a value is written.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Form {
    /// As text.
    Text,
    /// Flags, as a number in hex: `0xe2888215`.
    Number,
    /// Bytes, as hex digits.
    Hex,
}

/// A value that can be changed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Editable {
    /// The name: `MsvAvTargetName`, `MIC`.
    pub name: String,
    /// The form in which it is written.
    pub form: Form,
    /// The present value, in that form; empty if it is not there yet.
    pub value: String,
    /// True if it can be taken out.
    pub removable: bool,
}

/// The reason why a value cannot be changed so, in one sentence.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum EditError {
    /// There is no such value, or it is none that can be changed.
    #[error("This value cannot be changed here.")]
    NotEditable,
    /// It is no hex.
    #[error("Enter hex: pairs of the digits 0 to 9 and a to f.")]
    NotHex,
    /// It is no number of 32 bits.
    #[error("Enter a hex number of at most eight digits, like 0xe2888215.")]
    NotNumber,
    /// It has another size than its field.
    #[error("The MIC has 16 bytes, which are 32 hex digits.")]
    NotMic,
    /// The message cannot hold it.
    #[error("{0}.")]
    Build(#[from] BuildError),
}

/// Returns true if the value at `path` can be changed. It cannot in a message that is cut: built
/// again it would be another one.
#[must_use]
pub fn is_editable(message: &Message, path: &FieldPath) -> bool {
    let pairs = || message.av_pairs().map_or(&[][..], |list| &list.pairs);
    let fits = match Place::of(path) {
        None => false,
        Some(Place::Pair(index)) => {
            pairs().get(index).is_some_and(|pair| pair.id.value != AvId::MsvAvEOL)
        }
        Some(Place::NewTargetName) => {
            !pairs().iter().any(|pair| pair.id.value == AvId::MsvAvTargetName)
        }
        Some(Place::Flags | Place::Mic | Place::Name(_)) => true,
    };
    fits && !is_cut(message)
}

/// Returns true if part of a message is missing.
fn is_cut(message: &Message) -> bool {
    message.findings.iter().any(|finding| finding.code == Code::HeaderTruncated)
        || message.payload_fields().iter().any(PayloadField::is_cut)
        || message.av_pairs().is_some_and(|pairs| !pairs.is_whole())
}

impl Editable {
    /// The value at `path`; `None` where it cannot be changed.
    #[must_use]
    pub fn at(message: &Message, path: &FieldPath) -> Option<Self> {
        if !is_editable(message, path) {
            return None;
        }
        let mut parts = write::Message::of(message)?;
        let charset = charset(&mut parts);
        let (name, form, value, removable) = match Place::of(path)? {
            Place::Flags => {
                let value = format!("{:#010x}", place::flags(&mut parts).bits());
                ("NegotiateFlags".to_owned(), Form::Number, value, false)
            }
            Place::Mic => {
                let mic = (*place::mic(&mut parts)?)?;
                ("MIC".to_owned(), Form::Hex, hex(&mic), true)
            }
            Place::Name(name) => {
                let bytes = place::name(&mut parts, name)?.as_deref()?;
                (name.to_owned(), Form::Text, text_of(bytes, charset), false)
            }
            Place::Pair(index) => {
                let AvPair { id, value } = place::pairs(&mut parts)?.pairs.get(index)?;
                let form = form_of(*id);
                let value = match (form, <[u8; 4]>::try_from(value.as_slice())) {
                    (Form::Text, _) => Utf16Le(value).to_string(),
                    (Form::Number, Ok(value)) => format!("{:#010x}", u32::from_le_bytes(value)),
                    _ => hex(value),
                };
                (id.to_string(), form, value, true)
            }
            Place::NewTargetName => {
                (AvId::MsvAvTargetName.to_string(), Form::Text, String::new(), false)
            }
        };
        Some(Self { name, form, value, removable })
    }
}

/// The message with the value at `path` changed to `value`, written as [`Editable::form`] says;
/// `None` takes it out.
///
/// # Errors
///
/// [`EditError`], a sentence: the value cannot be changed, or not to this.
pub fn change(
    message: &Message,
    path: &FieldPath,
    value: Option<&str>,
) -> Result<Message, EditError> {
    if !is_editable(message, path) {
        return Err(EditError::NotEditable);
    }
    let mut parts = write::Message::of(message).ok_or(EditError::NotEditable)?;
    let charset = charset(&mut parts);
    let place = Place::of(path).ok_or(EditError::NotEditable)?;
    match (place, value) {
        (Place::Flags, Some(value)) => {
            *place::flags(&mut parts) = NegotiateFlags::from_bits_retain(number_of(value)?);
        }
        (Place::Mic, value) => {
            let mic = place::mic(&mut parts).filter(|mic| mic.is_some());
            let mic = mic.ok_or(EditError::NotEditable)?;
            *mic = match value {
                Some(value) => Some(bytes_of(value)?.try_into().map_err(|_| EditError::NotMic)?),
                None => None,
            };
        }
        (Place::Name(name), Some(value)) => {
            let bytes = write::text(name, charset, value)?;
            *place::name(&mut parts, name).ok_or(EditError::NotEditable)? = Some(bytes);
        }
        (Place::Pair(index), value) => {
            let list = place::pairs(&mut parts).ok_or(EditError::NotEditable)?;
            match (value, list.pairs.get_mut(index)) {
                (Some(value), Some(pair)) => {
                    pair.value = match form_of(pair.id) {
                        Form::Text => AvPair::text(pair.id, value).value,
                        Form::Number => number_of(value)?.to_le_bytes().to_vec(),
                        Form::Hex => bytes_of(value)?,
                    };
                }
                (None, Some(_)) => drop(list.pairs.remove(index)),
                (_, None) => return Err(EditError::NotEditable),
            }
        }
        (Place::NewTargetName, Some(value)) => {
            let list = place::pairs(&mut parts).ok_or(EditError::NotEditable)?;
            list.set(AvPair::target_name(value));
        }
        (Place::Flags | Place::Name(_) | Place::NewTargetName, None) => {
            return Err(EditError::NotEditable);
        }
    }
    parsed(&parts)
}

/// The message of these parts.
fn parsed(parts: &write::Message) -> Result<Message, EditError> {
    let bytes: Arc<[u8]> = parts.build()?.into();
    Message::parse(bytes).map_err(|_| EditError::NotEditable)
}

/// The character set of a message's names. A NEGOTIATE's are in the OEM code page always.
///
/// Spec: [MS-NLMP] 2.2.1.1.
fn charset(parts: &mut write::Message) -> Charset {
    match parts {
        write::Message::Negotiate(_) => Charset::Oem,
        parts => Charset::of(Some(*place::flags(parts))),
    }
}

fn text_of(bytes: &[u8], charset: Charset) -> String {
    match charset {
        Charset::Unicode => Utf16Le(bytes).to_string(),
        Charset::Oem => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The form in which the value of an AV pair is written.
const fn form_of(id: AvId) -> Form {
    match id {
        AvId::MsvAvNbComputerName
        | AvId::MsvAvNbDomainName
        | AvId::MsvAvDnsComputerName
        | AvId::MsvAvDnsDomainName
        | AvId::MsvAvDnsTreeName
        | AvId::MsvAvTargetName => Form::Text,
        AvId::MsvAvFlags => Form::Number,
        _ => Form::Hex,
    }
}

fn bytes_of(hex: &str) -> Result<Vec<u8>, EditError> {
    let digits: Option<Vec<u32>> =
        hex.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16)).collect();
    let (pairs, rest) = digits.as_deref().unwrap_or(&[0]).as_chunks::<2>();
    if !rest.is_empty() {
        return Err(EditError::NotHex);
    }
    let byte =
        |[high, low]: &[u32; 2]| u8::try_from(high * 16 + low).map_err(|_| EditError::NotHex);
    pairs.iter().map(byte).collect()
}

fn number_of(text: &str) -> Result<u32, EditError> {
    let text = text.trim();
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    // The library takes a sign, which is not meant here.
    let digits = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).ok_or(EditError::NotNumber)
}
