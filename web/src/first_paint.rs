//! The native part of the build: it completes `index.html` with the first paint of the page and
//! with the chapters of Learn, so that both can be read before the program has started, or without
//! it.

#![allow(clippy::disallowed_methods, reason = "it is run by the build, and writes the built page")]

use std::{env, error::Error, fs, io, path::Path};

use yew::ServerRenderer;

use crate::app::App;

/// Completes the page in the folder where Trunk has staged it.
pub(crate) async fn complete_page() -> Result<(), Box<dyn Error>> {
    let source = env::var("TRUNK_SOURCE_DIR")?;
    let built = Path::new(&env::var("TRUNK_STAGING_DIR")?).join("index.html");
    let page = fs::read_to_string(&built)?;
    let page = put_in(&page, "<!-- first paint -->", &first_paint().await)?;
    let chapters = chapters(&Path::new(&source).join("web/learn"))?;
    fs::write(built, put_in(&page, "<!-- chapters -->", &chapters)?)?;
    Ok(())
}

/// Renders the page for the first paint: without an address, an input or kept facts.
async fn first_paint() -> String {
    ServerRenderer::<App>::new().hydratable(false).render().await
}

/// The chapters in a folder, in the order of their file names.
fn chapters(folder: &Path) -> io::Result<String> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut files = entries.collect::<io::Result<Vec<_>>>()?;
    files.sort();
    let texts = files.iter().map(fs::read_to_string).collect::<io::Result<Vec<_>>>()?;
    Ok(with_turns(&texts))
}

/// Joins the texts, each with links to the chapters before and after it at its end.
fn with_turns(texts: &[String]) -> String {
    let headings: Vec<_> = texts.iter().map(|text| heading(text)).collect();
    let heading_at = |index: Option<usize>| headings.get(index?).copied().flatten();
    let mut page = String::new();
    for (index, text) in texts.iter().enumerate() {
        let turns = [("Previous", index.checked_sub(1)), ("Next", index.checked_add(1))];
        let links = turns.into_iter().filter_map(|(word, to)| {
            let (id, title) = heading_at(to)?;
            Some(format!("<a href=\"#{id}\">{word}: {title}</a>\n"))
        });
        match text.rsplit_once("</section>") {
            Some((chapter, end)) => {
                let links: String = links.collect();
                page += chapter;
                page += &["<p class=\"chapter__turn\">\n", &links, "</p>\n</section>"].concat();
                page += end;
            }
            None => page += text,
        }
    }
    page
}

/// The id and the text of a chapter's heading.
fn heading(text: &str) -> Option<(&str, &str)> {
    text.split_once("<h2 id=\"")?.1.split_once("</h2>")?.0.split_once("\">")
}

/// Puts `text` in place of `mark`.
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
    async fn the_first_paint_has_the_box_and_the_samples_with_their_answers() {
        let html = first_paint().await;
        for part in [
            "<h1 ",
            "<textarea ",
            "Or try one of these",
            ">denied<",
            ">in<",
            "Places",
            "I have a capture",
            "Access is denied",
            "I want to understand relay",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }

    #[test]
    fn each_chapter_leads_to_the_ones_beside_it() {
        let chapter = |id| format!("<section>\n<h2 id=\"{id}\">On {id}</h2>\n</section>\n");
        let texts = ["<header></header>\n".to_owned(), chapter("a"), chapter("b"), chapter("c")];
        let page = with_turns(&texts);
        let ends: Vec<_> = page.split("<p class=\"chapter__turn\">\n").skip(1).collect();
        assert!(ends[0].starts_with("<a href=\"#b\">Next: On b</a>\n</p>\n</section>"), "{page}");
        assert!(
            ends[1].starts_with(
                "<a href=\"#a\">Previous: On a</a>\n<a href=\"#c\">Next: On c</a>\n</p>"
            ),
            "{page}"
        );
        assert!(ends[2].starts_with("<a href=\"#b\">Previous: On b</a>\n</p>"), "{page}");
    }

    #[test]
    fn a_page_without_the_mark_is_refused() {
        assert_eq!(put_in("a<!-- b -->c", "<!-- b -->", "B").as_deref(), Ok("aBc"));
        assert!(put_in("ac", "<!-- b -->", "B").is_err());
    }
}
