//! Text that someone else wrote.

use spnscope::visible::{Visible, is_hidden};
use yew::prelude::*;

use super::draw::draw;

/// `text` with everything that has no picture of its own written out, as `\u{202e}`.
pub(crate) fn visible(text: &str) -> AttrValue {
    if text.chars().any(is_hidden) {
        Visible(text).to_string().into()
    } else {
        AttrValue::from(text.to_owned())
    }
}

/// As [`visible`], and no longer than `characters`.
pub(super) fn cut(text: &str, characters: usize) -> AttrValue {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", Visible(&text[..end])).into(),
        None => visible(text),
    }
}

/// A name as it was sent, or a sentence that quotes one. It can neither hide a character nor turn
/// its surroundings around.
pub(super) fn data_text(text: &str) -> Html {
    draw!("<bdi>{}</bdi>", visible(text))
}

#[cfg(all(test, feature = "ssr-tests"))]
mod tests {
    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn a_hostile_name_is_written_out_and_escaped() {
        let html = fixture::drawn(|| data_text("cifs/\u{202e}<img src=x>\u{0}\u{85}")).await;
        assert_eq!(html, r"<bdi>cifs/\u{202e}&lt;img src=x&gt;\u{0}\u{85}</bdi>");
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöü\u{200e}", 2), "äö…");
    }
}
