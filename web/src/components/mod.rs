//! The components of the page: one a file, in folders by place.

mod common;
mod decode;
mod lab;
mod learn;
mod server;

pub(crate) use common::{
    data_text::visible, masthead::masthead, rules::Rules, verdict_bar::VerdictBar,
};
pub(crate) use decode::{
    Access, AccessProps, BoxShape, Compared, Decode, FirstVisit, Paste, PasteProps, Prefill,
    ReportHandle, ServerOnly, SignInsProps, plain_headline, plain_verdict,
};
pub(crate) use lab::Lab;
pub(crate) use learn::Learn;
pub(crate) use server::import::ImportProps;

/// Views of the samples, for tests.
#[cfg(test)]
pub(crate) mod fixture;
