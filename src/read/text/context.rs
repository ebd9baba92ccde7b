//! Finds what is around tokens in a text: HTTP headers and mail dialogues.

use super::{
    http, mail,
    marks::Context,
    scanning::{end_of_line, skip_while, starts_with_ignore_case},
};
use crate::base::{pace::Pace, span::Span};

/// Finds headers and dialogues in the text.
pub(super) async fn around(text: &[u8], pace: &Pace) -> Context {
    let mut context = Context::default();
    let mut at = 0;
    // Each line is gone through once, however many commands it has.
    let mut line_end = 0;
    loop {
        // All that is looked for has `Auth` in it.
        let before = at;
        at = skip_while(text, at, |byte| byte | 0x20 != b'a');
        pace.spend(at - before + 1).await;
        if at >= text.len() {
            return context;
        }
        if starts_with_ignore_case(text, at, "auth") {
            if let Some(end) = http::header(text, at, &mut context) {
                at = end;
                continue;
            }
            if at >= line_end {
                line_end = end_of_line(text, at);
            }
            mail::dialogue(text, Span::new(at, line_end), &mut context);
        }
        at += 1;
    }
}

/// Finds them in one go.
#[cfg(test)]
pub(super) fn around_at_once(text: &[u8]) -> Context {
    crate::base::pace::block_on(Box::pin(around(text, &Pace::at_once())))
}
