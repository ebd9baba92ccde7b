//! What the build does natively: it completes `index.html` with what the page draws first and with
//! the chapters of Learn, so that both can be read before the program has started, and without it.

#![allow(clippy::disallowed_methods, reason = "it is run by the build, and writes the built page")]

use std::{env, error::Error, fs, io, path::Path};

use yew::ServerRenderer;

use crate::app::App;

/// Completes the page that Trunk has built, in the folder where it has put it together.
pub(crate) async fn complete_page() -> Result<(), Box<dyn Error>> {
    let source = env::var("TRUNK_SOURCE_DIR")?;
    let built = Path::new(&env::var("TRUNK_STAGING_DIR")?).join("index.html");
    let page = fs::read_to_string(&built)?;
    let page = put_in(&page, "<!-- first paint -->", &first_paint().await)?;
    let chapters = chapters(&Path::new(&source).join("web/learn"))?;
    fs::write(built, put_in(&page, "<!-- chapters -->", &chapters)?)?;
    Ok(())
}

/// The page as it is drawn first: it is at no address, and nothing was given to it or kept.
async fn first_paint() -> String {
    ServerRenderer::<App>::new().hydratable(false).render().await
}

/// The chapters in a folder, in the order of their file names.
fn chapters(folder: &Path) -> io::Result<String> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut files = entries.collect::<io::Result<Vec<_>>>()?;
    files.sort();
    files.iter().map(fs::read_to_string).collect()
}

/// A page with `text` in place of `mark`.
fn put_in(page: &str, mark: &str, text: &str) -> Result<String, String> {
    match page.split(mark).collect::<Vec<_>>()[..] {
        [before, behind] => Ok([before, text, behind].concat()),
        _ => Err(format!("index.html is to have one {mark}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "current_thread")]
    async fn the_box_and_the_samples_with_their_answers_are_drawn_first() {
        let html = first_paint().await;
        for part in ["<h1 ", "<textarea ", "Or try one of these", "Denied", "Places"] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }

    #[test]
    fn a_page_without_the_mark_is_refused() {
        assert_eq!(put_in("a<!-- b -->c", "<!-- b -->", "B").as_deref(), Ok("aBc"));
        assert!(put_in("ac", "<!-- b -->", "B").is_err());
    }
}
