//! An `AV_PAIR` list from its parts.

use super::{BuildError, error::len_of, utf16};
use crate::base::span::{Source, Span};
use crate::message::{
    ntlm,
    wire::{AvFlags, AvId, FileTime},
};

/// One `AV_PAIR`: `AvLen` is the size of the value.
///
/// Spec: [MS-NLMP] 2.2.2.1.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AvPair {
    /// `AvId`.
    pub id: AvId,
    /// `Value`.
    pub value: Vec<u8>,
}

impl AvPair {
    /// A pair with any bytes.
    pub fn new(id: AvId, value: impl Into<Vec<u8>>) -> Self {
        Self { id, value: value.into() }
    }

    /// `MsvAvEOL`, which ends a list.
    #[must_use]
    pub const fn end() -> Self {
        Self { id: AvId::MsvAvEOL, value: Vec::new() }
    }

    /// A pair with text, in UTF-16LE whatever the flags of its message.
    #[must_use]
    pub fn text(id: AvId, text: &str) -> Self {
        Self::new(id, utf16(text))
    }

    /// `MsvAvFlags`.
    #[must_use]
    pub fn flags(flags: AvFlags) -> Self {
        Self::new(AvId::MsvAvFlags, flags.bits().to_le_bytes())
    }

    /// `MsvAvTimestamp`.
    #[must_use]
    pub fn timestamp(time: FileTime) -> Self {
        Self::new(AvId::MsvAvTimestamp, time.0.to_le_bytes())
    }

    /// `MsvAvSingleHost` in its form of 48 bytes.
    ///
    /// Spec: [MS-NLMP] 2.2.2.2.
    #[must_use]
    pub fn single_host(custom_data: [u8; 8], machine_id: [u8; 32]) -> Self {
        let (size, z4) = (48_u32.to_le_bytes(), [0; 4]);
        Self::new(AvId::MsvAvSingleHost, [&size[..], &z4, &custom_data, &machine_id].concat())
    }

    /// `MsvAvTargetName`.
    #[must_use]
    pub fn target_name(name: &str) -> Self {
        Self::text(AvId::MsvAvTargetName, name)
    }

    /// `MsvAvChannelBindings`: MD5 of the channel bindings, or sixteen zero bytes for none.
    #[must_use]
    pub fn channel_bindings(hash: [u8; 16]) -> Self {
        Self::new(AvId::MsvAvChannelBindings, hash)
    }
}

/// An `AV_PAIR` list and what follows it.
///
/// A reader stops at the first `MsvAvEOL`. A list may lack it, or go on after it; both are written
/// as they are.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AvPairList {
    /// The pairs in their order, `MsvAvEOL` included.
    pub pairs: Vec<AvPair>,
    /// The bytes behind the last pair, a cut one included.
    pub rest: Vec<u8>,
}

impl AvPairList {
    /// These pairs and `MsvAvEOL`.
    #[must_use]
    pub fn new(pairs: impl IntoIterator<Item = AvPair>) -> Self {
        let pairs = pairs.into_iter().chain([AvPair::end()]).collect();
        Self { pairs, rest: Vec::new() }
    }

    /// The value of the first pair with that id, which is the one that counts.
    #[must_use]
    pub fn get(&self, id: AvId) -> Option<&[u8]> {
        self.pairs.iter().find(|pair| pair.id == id).map(|pair| pair.value.as_slice())
    }

    /// Gives the first pair with the id of `pair` its value; where there is none, puts it at the
    /// end, before `MsvAvEOL`.
    pub fn set(&mut self, pair: AvPair) {
        if let Some(there) = self.pairs.iter_mut().find(|there| there.id == pair.id) {
            there.value = pair.value;
        } else {
            let end = self.pairs.iter().position(|there| there.id == AvId::MsvAvEOL);
            self.pairs.insert(end.unwrap_or(self.pairs.len()), pair);
        }
    }

    /// Takes out every pair with that id.
    pub fn remove(&mut self, id: AvId) {
        self.pairs.retain(|pair| pair.id != id);
    }

    /// The pairs of a parsed list.
    #[must_use]
    pub fn of(list: &ntlm::AvPairs, message: Source<'_>) -> Self {
        let whole: Vec<_> = list.pairs.iter().take_while(|pair| !pair.is_cut()).collect();
        let end = whole.last().map_or(list.span.start, |pair| pair.span().end);
        let pair = |pair: &&ntlm::AvPair| AvPair::new(pair.id.value, message.slice(pair.value));
        Self {
            pairs: whole.iter().map(pair).collect(),
            rest: message.slice(Span::new(end, list.rest.end)).to_vec(),
        }
    }

    /// Its bytes.
    ///
    /// # Errors
    ///
    /// [`TooLong`](super::BuildErrorKind::TooLong), naming the AvId, for a value beyond 65,535
    /// bytes.
    pub fn bytes(&self) -> Result<Vec<u8>, BuildError> {
        let mut bytes = Vec::new();
        for pair in &self.pairs {
            let len = len_of(pair.id.name().unwrap_or("AV_PAIR"), &pair.value)?;
            bytes.extend(pair.id.0.to_le_bytes());
            bytes.extend(len.to_le_bytes());
            bytes.extend(&pair.value);
        }
        bytes.extend(&self.rest);
        Ok(bytes)
    }
}
