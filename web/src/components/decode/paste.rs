//! The paste box.
//!
//! A text longer than 64 KiB that is pasted over everything does not get into the box: browsers lay
//! out the lines of a text area anew whenever it changes its form, which takes seconds for 100,000
//! of them. The box says how much was pasted. Text that is typed, or pasted beside other text,
//! stays.

use std::sync::Arc;

use spnscope::read::text::Reading;
use spnscope_page::workbench::{PasteAction, Progress, ServerAction, megabytes};
use yew::prelude::*;

use super::{
    compare::{Compared, SecondBox},
    found::found,
    readings::Readings,
    sample_list::sample_list,
    text_box::{MAX_SHOWN_LEN, Prefill, TextBox, shown_text},
};
use crate::{
    components::common::{
        data_text::{data_text, visible},
        icon::Icon,
    },
    dom::{
        clipboard, events,
        files::{self, FileContent, FilePurpose, OpenedFile},
        focus,
    },
    reader::{self, ReadingTask},
    store::{Act, Shared, use_act},
};

/// The size of the box.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum BoxShape {
    /// The first thing on the page.
    #[default]
    Box,
    /// A strip above the answer.
    Strip,
}

/// Props of [`Paste`].
#[derive(Default, PartialEq, Properties)]
pub(crate) struct PasteProps {
    /// The size of the box.
    pub(crate) shape: BoxShape,
    /// The view of the messages found in it.
    pub(crate) view: Option<Shared>,
    /// The reason why nothing in it was understood.
    pub(crate) refusal: Option<AttrValue>,
    /// The part of it that is not shown though the rest is.
    pub(crate) remark: Option<AttrValue>,
    /// The progress while it is read.
    pub(crate) progress: Option<Progress>,
    /// The offer to take it over for the server: one sentence.
    pub(crate) offer: Option<AttrValue>,
    /// The other readings of it.
    pub(crate) others: Vec<Reading>,
    /// The reading that the reader asked for.
    pub(crate) reading: Option<Reading>,
    /// The sample that is open.
    pub(crate) sample: Option<usize>,
    /// The chosen message beside another.
    pub(crate) compared: Option<Compared>,
    /// The input that was not typed here and has to be shown here.
    pub(crate) prefill: Option<Prefill>,
    /// True if an input that was replaced can be brought back.
    pub(crate) can_bring_back: bool,
    /// True if the place of the box is shown.
    pub(crate) is_shown: bool,
}

/// The box, the ways to fill it, and the messages found in it.
///
/// There is one text area for all states, always at the same place of the same four siblings: it
/// keeps its text and its focus.
#[component]
pub(crate) fn Paste(props: &PasteProps) -> Html {
    let act = use_act();
    let area = use_node_ref();
    let chooser = use_node_ref();
    // A strip opens for a reader who wants to see or change the text, not for one who has just
    // pasted it.
    let open = use_state_eq(bool::default);
    // The remark about an input that is not shown in the box, and the error of a file.
    let file = use_state_eq(Option::<AttrValue>::default);
    let fault = use_state_eq(Option::<AttrValue>::default);
    // The index of the open layer of the trail.
    let layer = use_state_eq(Option::<usize>::default);
    let on_layer = {
        let layer = layer.setter();
        use_callback((), move |to, ()| layer.set(to))
    };

    let text_box = TextBox {
        area: area.clone(),
        open: open.setter(),
        file: file.setter(),
        fault: fault.setter(),
    };
    // The capture file that is being read.
    let reading_file = use_mut_ref(Option::<ReadingTask>::default);
    let take = {
        let (text_box, reading_file) = (text_box.clone(), reading_file.clone());
        use_callback(act.clone(), move |opened: OpenedFile, act| {
            let name = visible(&opened.name);
            match opened.content {
                Ok(FileContent::Bytes(bytes)) if opened.purpose == FilePurpose::Import => {
                    text_box.fault.set(None);
                    act.emit(ServerAction::Import(bytes.into()));
                }
                Ok(FileContent::Bytes(bytes)) => {
                    let text = shown_text(&bytes);
                    let size = || format!("{} bytes from {name}", bytes.len()).into();
                    text_box.put(text.unwrap_or_default(), text.is_none().then(size));
                    act.emit(PasteAction::Put(bytes.into()));
                }
                Ok(FileContent::Capture(pieces)) => {
                    let size = pieces.size.map_or_else(
                        || "What is packed in".into(),
                        |size| format!("{} from", megabytes(size)),
                    );
                    text_box.put("", Some(format!("{size} {name}").into()));
                    let reading = reader::read_capture(&opened.name, pieces, act.clone());
                    *reading_file.borrow_mut() = Some(reading);
                }
                Err(fault) => text_box.fault.set(Some(fault.into())),
            }
        })
    };
    {
        // Any other input ends the reading of a file.
        let reading_file = reading_file.clone();
        let reads_a_file = matches!(props.progress, Some(Progress::File(_)));
        use_effect_with(reads_a_file, move |reads_a_file| {
            if !reads_a_file {
                reading_file.take();
            }
        });
    }
    use_effect_with(take.clone(), |take: &Callback<OpenedFile>| {
        let listening = files::when_dropped(take.clone());
        move || drop(listening)
    });
    {
        let text_box = text_box.clone();
        use_effect_with(props.prefill.clone(), move |prefill| {
            if let Some(prefill) = prefill {
                text_box.put_prefill(prefill);
            }
        });
    }
    {
        // Wherever the focus is, a paste replaces the input.
        let replace = {
            let (act, text_box) = (act.clone(), text_box.clone());
            Callback::from(move |text: String| {
                text_box.put_short(&text);
                act.emit(PasteAction::Put(Arc::from(text.into_bytes())));
                focus::focus("main");
            })
        };
        use_effect_with(props.is_shown, move |is_shown| {
            let listening = is_shown.then(|| clipboard::when_pasted(replace)).flatten();
            move || drop(listening)
        });
    }
    {
        let area = area.clone();
        use_effect_with((props.shape, *open), move |(shape, open)| {
            if *shape == BoxShape::Strip && !open {
                focus::rewind(&area);
            }
        });
    }

    let oninput = {
        let (act, text_box) = (act.clone(), text_box.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(text) = events::area_text(&event) {
                text_box.say(None);
                if events::is_pasted(&event) {
                    focus::rewind(&text_box.area);
                }
                act.emit(PasteAction::Put(Arc::from(text.into_bytes())));
            }
        })
    };
    let onpaste = {
        let (act, text_box) = (act.clone(), text_box.clone());
        Callback::from(move |event: Event| {
            text_box.open.set(false);
            // A text that does not stay in the box is not laid out in it either.
            let pasted = events::pasted_over_all(&event);
            if let Some(text) = pasted.filter(|text| text.len() > MAX_SHOWN_LEN) {
                event.prevent_default();
                text_box.put_short(&text);
                act.emit(PasteAction::Put(Arc::from(text.into_bytes())));
            }
        })
    };
    let onmousedown = {
        let open = open.setter();
        Callback::from(move |_: MouseEvent| open.set(true))
    };
    let onblur = {
        let open = open.setter();
        Callback::from(move |_: FocusEvent| open.set(false))
    };
    let onkeydown = {
        let open = open.setter();
        Callback::from(move |event: KeyboardEvent| {
            if !events::is_command(&event) && event.key() != "Tab" {
                open.set(true);
            }
        })
    };
    let choose = {
        let chooser = chooser.clone();
        Callback::from(move |_: MouseEvent| focus::click(&chooser))
    };
    let clear = {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| {
            text_box.put("", None);
            act.emit(PasteAction::Put(Arc::default()));
            focus::focus("paste");
        })
    };

    let stop = {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| {
            match &*reading_file.borrow() {
                Some(reading) => reading.stop(),
                None => act.emit(PasteAction::Stop),
            }
            focus::focus("paste");
        })
    };

    let strip = props.shape == BoxShape::Strip;
    let placeholder = match &*file {
        Some(file) => file.clone(),
        None => "Authorization: Negotiate oYIBfjCCAXqiggF2BIIBck5UTE1TU1AAAwAAABgAGAB2…".into(),
    };
    let bring_back = props.can_bring_back.then(|| bring_back(&act));
    let sentences = fault.iter().chain(&props.refusal).map(|words| data_text(words));
    let (above, below) = match (strip, &props.view) {
        (true, view) => (
            strip_head(props.sample, &act, choose, clear, bring_back),
            view.as_ref().map(|view| found(view, *layer, &on_layer, &act)),
        ),
        (false, _) => (box_head(), Some(forms(choose, bring_back))),
    };
    html! {
            <section
                class={classes!("paste", if strip { "paste--strip" } else { "paste--box" })}
                aria-label="Input"
            >
                <div class="wrap">
                    <div key="above" class="paste__above">{ above }</div>
                    <textarea
                        key="text"
                        id="paste"
                        class={classes!("input", "paste__text", (strip && *open).then_some("is-open"))}
                        ref={area}
                        rows={if strip { "1" } else { "7" }}
                        spellcheck="false"
                        autocomplete="off"
                        autocapitalize="off"
                        placeholder={placeholder}
                        oninput={oninput}
                        onpaste={onpaste}
                        onmousedown={onmousedown}
                        onblur={onblur}
                        onkeydown={onkeydown}
                   />
                    <div key="second" class="paste__second">
                        { props.compared.as_ref().filter(|_| strip).map(|view| html! { <SecondBox view={view.clone()} /> }) }
                    </div>
                    <div key="below" class="paste__below">
                        <p key="status" class="refusal" role="status">
                            { props.offer.as_ref().map(|offer| html! {
        <>
            { data_text(offer) }
            { " " }
            <button class="button button--main" type="button" onclick={act.on(ServerAction::TakeOver)}>
                { "Use these settings" }
            </button>
            { " " }
        </>
    }) }
                            { for sentences }
                        </p>
                        { props.remark.as_ref().map(|remark| html! {
        <p key="remark" class="paste__remark quiet small">{ data_text(remark) }</p>
    }) }
                        { props.progress.as_ref().map(|progress| reading(progress, &stop)) }
                        <Readings key="readings" others={props.others.clone()} asked={props.reading} />
                        <div key="found" class="paste__more">{ below }</div>
                        <input
                            key="file"
                            class="visually-hidden"
                            type="file"
                            tabindex="-1"
                            aria-hidden="true"
                            ref={chooser}
                            onchange={Callback::from(move |event: Event| files::read_chosen(&event, FilePurpose::Decode, take.clone()))}
                       />
                    </div>
                </div>
            </section>
        }
}

/// Draws the head of the box on the first visit: the first door.
fn box_head() -> Html {
    html! {
        <div key="ask">
            <h2 class="door__title">{ "I have a capture" }</h2>
            <label class="door__what" for="paste">
                { "Paste a captured NTLM sign-in, or anything that contains one. Ctrl+V works anywhere on this page." }
            </label>
        </div>
    }
}

/// Draws the button that brings back the input that was replaced.
fn bring_back(act: &Act) -> Html {
    let act = act.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        act.emit(PasteAction::BringBack);
        focus::focus("paste");
    });
    html! {
        <button
            key="back"
            class="link small bring-back"
            type="button"
            title="What was in the box before"
            {onclick}
        >
            { "Bring back" }
        </button>
    }
}

/// Draws the head of the strip: how to ask another question.
fn strip_head(
    sample: Option<usize>,
    act: &Act,
    choose: Callback<MouseEvent>,
    clear: Callback<MouseEvent>,
    bring_back: Option<Html>,
) -> Html {
    html! {
        <div key="strip" class="paste__label">
            <p>
                <label for="paste">{ "Paste a captured sign-in" }</label>
                { " " }
                <span class="quiet small paste__hint">
                    { "HTTP header, log line, base64, hex" }
                    <span class="paste__drop">{ "; drop a file" }</span>
                    { ", or " }
                    <button class="link" type="button" onclick={choose}>
                        { "choose one" }
                    </button>
                </span>
                { " " }
                <button class="link small" type="button" onclick={clear}>{ "Clear" }</button>
                { bring_back.is_some().then_some(" ") }
                { bring_back }
            </p>
            { sample_list(sample, act) }
        </div>
    }
}

/// Draws the progress of reading, and a button to stop it.
fn reading(progress: &Progress, stop: &Callback<MouseEvent>) -> Html {
    let value = progress.hundredths().map(|value| value.to_string());
    html! {
        <p key="reading" class="paste__reading">
            <label for="reading">{ data_text(&progress.words()) }</label>
            { " " }
            <progress id="reading" max="100" {value}></progress>
            { " " }
            <button class="button" type="button" onclick={stop.clone()}>{ "Stop" }</button>
        </p>
    }
}

/// Draws the list of forms that can be pasted, and the button that opens a file.
fn forms(choose: Callback<MouseEvent>, bring_back: Option<Html>) -> Html {
    html! {
        <div class="first__forms">
            <p class="first__drop">
                { Icon::Drop.draw("") }
                <span class="paste__drop">{ "Drop a file anywhere, or " }</span>
                <button class="link" type="button" onclick={choose}>
                    <span class="paste__drop">{ "choose one" }</span>
                    <span class="paste__tap">{ "Choose a file" }</span>
                </button>
                { bring_back }
            </p>
            <p class="quiet">
                { "base64, hex, HTTP headers, SPNEGO tokens, NetNTLMv2 lines, and logs with one of these in them; captures (pcap, pcapng); an event 5168, reg query or Get-SmbServerConfiguration of the server" }
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use yew::ServerRenderer;

    use super::*;
    use crate::components::fixture::{self, Part};

    async fn rendered(props: fn() -> PasteProps) -> Part {
        Part::parse(&ServerRenderer::<Paste>::with_props(props).hydratable(false).render().await)
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_refusal_is_shown_and_the_box_stays() {
        let page = rendered(|| PasteProps {
            refusal: Some("Nothing in \u{202e}this is a sign-in.".into()),
            ..PasteProps::default()
        })
        .await;
        let input = page.by_role("region", "Input");
        assert!(input.has_class("paste--box"), "{page:?}");
        let [text] = input.elements("textbox")[..] else { panic!("not one box: {page:?}") };
        assert!(text.name().starts_with("Paste a captured NTLM sign-in"), "{text:?}");
        let refused = input.saying("status", r"Nothing in \u{202e}this is a sign-in.");
        assert_eq!(refused.len(), 1, "{page:?}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn absent_messages_are_kept_and_disabled() {
        let page = rendered(|| PasteProps {
            shape: BoxShape::Strip,
            view: Some(fixture::third_message_only()),
            ..PasteProps::default()
        })
        .await;
        let is_message = |part: &Part| part.attribute("aria-pressed").is_some();
        let messages: Vec<_> = page.elements("button").into_iter().filter(is_message).collect();
        let [first, second, third] = messages[..] else { panic!("not three: {messages:?}") };
        for absent in [first, second] {
            assert!(absent.name().ends_with("not in the paste"), "{absent:?}");
            assert!(absent.is_disabled(), "{absent:?}");
        }
        assert!(third.name().ends_with("bytes") && !third.is_disabled(), "{third:?}");
        assert_eq!(page.elements("textbox").len(), 1, "{page:?}");
        page.by_role("textbox", "Paste a captured sign-in");
    }
}
