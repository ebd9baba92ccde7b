//! One message, from the `N` of its signature: what `tests/suite` checks for changed fixtures holds for
//! any bytes. It is taken apart, built again from its description, and compared with what that gives.

#![no_main]

#[path = "../../suite/holds.rs"]
mod holds;

use libfuzzer_sys::{Corpus, fuzz_target};
use spnscope::{
    carrier::Content,
    compare::compare,
    ntlm::{Message, build},
};

fn check(bytes: &[u8]) {
    if let Err(wrong) = holds::check(bytes) {
        panic!("{wrong}");
    }
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    check(bytes);
    // Nothing is to be learnt from what is no message.
    let Ok(message) = Message::parse(bytes.into()) else { return Corpus::Reject };
    if let Some(description) = build::Message::of(&message) {
        let built = description.build().expect("what was parsed builds");
        check(&built);
        let again = Message::parse(built.as_slice().into()).expect("what was built is a message");
        assert_eq!(build::Message::of(&again), Some(description));
        let comparison = compare(&Content::Ntlm(message), &Content::Ntlm(again));
        assert_eq!(comparison.is_same(), bytes == built, "{}", comparison.summary);
    }
    Corpus::Keep
});
