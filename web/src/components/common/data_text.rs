//! Text from outside the page, shown so that it cannot deceive.

use spnscope::base::visible::Visible;
use yew::prelude::*;

use super::each::each;

/// Writes out all characters of `text` without a shape of their own, as `\u{202e}`.
pub(crate) fn visible(text: &str) -> AttrValue {
    Visible(text).to_string().into()
}

/// Writes out `text` like [`visible`], cut to `characters`.
pub(crate) fn cut(text: &str, characters: usize) -> AttrValue {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", Visible(&text[..end])).into(),
        None => visible(text),
    }
}

/// Draws a name as it was sent, or a sentence that quotes one. It can neither hide a character nor
/// reorder its surroundings; it is in quotation marks if it begins or ends with a space.
pub(crate) fn data_text(text: &str) -> Html {
    let mut text = visible(text);
    // Spaces at its ends would be invisible.
    if text.starts_with(' ') || text.ends_with(' ') {
        text = format!("“{text}”").into();
    }
    // Names and sentences run from left to right, whatever they contain.
    html! { <bdi dir="ltr">{ text }</bdi> }
}

/// Draws a user with the domain in front, `LAB\\User`, each isolated: names from right to left do
/// not swap places around the backslash.
pub(crate) fn account_text(account: &str) -> Html {
    let parts: Vec<_> = account.split('\\').map(visible).collect();
    let parts = each(&parts, |index, part| {
        html! { <>{ if index > 0 { "\\" } else { "" } }<bdi dir="ltr">{ part.clone() }</bdi></> }
    });
    html! { <bdi dir="ltr">{ parts }</bdi> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::fixture;

    #[tokio::test(flavor = "current_thread")]
    async fn a_hostile_name_is_written_out_and_escaped() {
        let html = fixture::drawn(|| data_text("cifs/\u{202e}<img src=x>\u{0}\u{85}")).await;
        assert_eq!(html, r#"<bdi dir="ltr">cifs/\u{202e}&lt;img src=x&gt;\u{0}\u{85}</bdi>"#);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn spaces_at_the_ends_are_visible() {
        let html = fixture::drawn(|| {
            html! {
                <>
                    { data_text("  ") }
                    { data_text("a b") }
                </>
            }
        })
        .await;
        assert_eq!(html, r#"<bdi dir="ltr">“  ”</bdi><bdi dir="ltr">a b</bdi>"#);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_domain_and_a_user_are_isolated_each() {
        let html = fixture::drawn(|| account_text("LAB\\User\u{202e}")).await;
        assert_eq!(
            html,
            r#"<bdi dir="ltr"><bdi dir="ltr">LAB</bdi>\<bdi dir="ltr">User\u{202e}</bdi></bdi>"#
        );
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöü\u{200e}", 2), "äö…");
    }
}
