//! One message, from the `N` of its signature: what `tests/suite` checks for changed fixtures holds
//! for any bytes. It is taken apart, built again from its description, compared with what that
//! gives, and every value that can be edited is.

#![no_main]

#[path = "../../suite/holds.rs"]
mod holds;

use libfuzzer_sys::{Corpus, fuzz_target};
use spnscope::lab::edit::{Editable, change};
use spnscope::message::{
    compare::compare,
    content::Content,
    ntlm::{Message, write},
};
use spnscope_page::view::field_rows;

fn check(bytes: &[u8]) {
    if let Err(wrong) = holds::check(bytes) {
        panic!("{wrong}");
    }
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    check(bytes);
    // Nothing is to be learnt from what is no message.
    let Ok(message) = Message::parse(bytes.into()) else { return Corpus::Reject };
    if let Some(description) = write::Message::of(&message) {
        let built = description.build().expect("what was parsed builds");
        check(&built);
        let again = Message::parse(built.as_slice().into()).expect("what was built is a message");
        assert_eq!(write::Message::of(&again), Some(description));
        for row in field_rows(&Content::Ntlm(message.clone())).0 {
            let editable = Editable::at(&message, &row.path);
            assert_eq!(editable.is_some(), row.editable, "{}", row.path);
            let Some(editable) = editable else { continue };
            for value in [Some(editable.value.as_str()), Some("0f"), None] {
                if let Ok(edited) = change(&message, &row.path, value) {
                    check(edited.bytes());
                }
            }
        }
        let comparison = compare(&Content::Ntlm(message), &Content::Ntlm(again));
        assert_eq!(comparison.is_same(), bytes == built, "{}", comparison.summary);
    }
    Corpus::Keep
});
