//! The whole view of the place Decode, put together from its parts.

use std::{collections::HashSet, sync::Arc};

use crate::view::{
    ByteMap, Chip, ChipGroup, DecodeView, EditedView, FieldRow, FindingRow, Pasted, TrailStep,
    WaysView,
    captured::captured,
    edited::edited,
    field_rows::field_rows,
    headline::headline,
    levels::{level_cards, steps},
    proof::proof,
    question::question,
    readouts::readouts,
    server_panel::server_panel,
    ways::{relayed, ways},
};
use spnscope::analysis::{Analysis, Exchange, Token};
use spnscope::base::{finding::Severity, span::Span};
use spnscope::judge::{
    remedies::AllowList,
    smb::{Level, ServerSettings},
};
use spnscope::lab::edit::ComputeError;
use spnscope::read::layer::LayerKind;
use spnscope::show::{report, words};

/// The view of the token with index `chosen`, as captured; `None` if there is no such token.
#[must_use]
pub fn decode(analysis: &Analysis, chosen: usize, settings: &ServerSettings) -> Option<DecodeView> {
    let verdict = analysis.exchange_of(chosen).and_then(|exchange| exchange.verdict.as_ref());
    let ways = verdict.and_then(|verdict| ways(verdict, AllowList::default(), None));
    let (captured, edited) = (analysis, analysis);
    DecodeInputs { captured, edited, chosen, settings, set: None, ways, only_the_client: None }
        .view()
}

/// The inputs of the view of a token.
#[derive(Clone, Debug)]
pub struct DecodeInputs<'s> {
    /// The analysis of the capture.
    pub captured: &'s Analysis,
    /// The analysis with the edits made by hand.
    pub edited: &'s Analysis,
    /// The index of the token.
    pub chosen: usize,
    /// The server in force.
    pub settings: &'s ServerSettings,
    /// The level that the server is known to be set to.
    pub set: Option<Level>,
    /// The cures of the denials.
    pub ways: Option<WaysView>,
    /// The reason why only the client can recompute the values that depend on its secret.
    pub only_the_client: Option<ComputeError>,
}

impl DecodeInputs<'_> {
    /// Makes the view; `None` if there is no such token.
    #[must_use]
    pub fn view(self) -> Option<DecodeView> {
        let Self { edited: analysis, chosen, settings, .. } = self;
        let token = analysis.tokens().get(chosen)?;
        let exchange = analysis.exchange_of(chosen);
        let verdict = exchange.and_then(|exchange| exchange.verdict.as_ref());
        let content = &token.content;
        let (mut fields, mut map) = field_rows(content);
        Some(DecodeView {
            exchanges: chips(analysis, chosen),
            trail: trail(analysis, token),
            found_again: words::repeated_places(&token.places, analysis.characters()),
            pasted: pasted(analysis, token),
            headline: headline(content, exchange),
            captured: exchange.and_then(captured),
            question: exchange.zip(verdict).and_then(|(exchange, verdict)| {
                let captured = exchange.captured.as_ref();
                question(verdict, captured.map(|captured| captured.server.ip()))
            }),
            readouts: readouts(content, exchange),
            levels: exchange.zip(verdict).map(|(exchange, verdict)| {
                level_cards(verdict, &report::sign_in(analysis, exchange), self.set)
            }),
            steps: verdict.map_or_else(Vec::new, steps),
            bytes: content.shared_bytes(),
            edited: self.edited(&mut fields, &mut map),
            fields,
            map,
            findings: findings(analysis, chosen),
            relayed: verdict.and_then(relayed),
            server: server_panel(verdict, settings),
            proof: proof(analysis, exchange),
            ways: self.ways,
        })
    }

    /// The differences from the capture, in this message or in another of its sign-in.
    fn edited(&self, fields: &mut [FieldRow], map: &mut ByteMap) -> Option<EditedView> {
        let others = self.captured.exchange_of(self.chosen).map_or([None; 3], Exchange::messages);
        [self.chosen].into_iter().chain(others.into_iter().flatten()).find_map(|token| {
            let [before, after] =
                [self.captured, self.edited].map(|analysis| analysis.tokens().get(token));
            let (before, after) = (&before?.content, &after?.content);
            if before.bytes() == after.bytes() {
                return None;
            }
            let view = if token == self.chosen {
                edited(before, after, fields, map)
            } else {
                let summary = format!("The {} was edited, this message was not.", before.kind());
                EditedView { summary, ..EditedView::default() }
            };
            Some(EditedView { only_the_client: self.only_the_client, ..view })
        })
    }
}

fn chips(analysis: &Analysis, chosen: usize) -> Vec<ChipGroup> {
    let chip = |token: Option<usize>, number, name| Chip {
        token,
        number,
        name,
        size: token
            .and_then(|token| analysis.tokens().get(token))
            .map_or(0, |token| token.content.bytes().len()),
        chosen: token == Some(chosen),
    };
    let mut groups: Vec<ChipGroup> = analysis
        .exchanges()
        .iter()
        .map(|exchange| {
            // An AP-REQ or a lone response has no number.
            let is_alone = exchange.ap_req.is_some() || exchange.is_line();
            let numbers = if is_alone { [0; 4] } else { [1, 2, 3, 0] };
            let chips = numbers.into_iter().zip(exchange.named_messages());
            ChipGroup {
                chips: chips.map(|(number, (name, token))| chip(token, number, name)).collect(),
            }
        })
        .collect();
    let tokens = groups.iter().flat_map(|group| &group.chips).filter_map(|chip| chip.token);
    let in_exchanges: HashSet<_> = tokens.collect();
    let alone = (0..analysis.tokens().len()).filter(|token| !in_exchanges.contains(token));
    groups.extend(alone.map(|token| ChipGroup { chips: vec![chip(Some(token), 0, "UNKNOWN")] }));
    groups
}

fn trail(analysis: &Analysis, token: &Token) -> Vec<TrailStep> {
    let steps = token.layers.iter().enumerate().map(|(index, layer)| {
        let place = token.layer_pasted(index);
        let mut outside = token.layers.iter().take(index);
        let is_pasted =
            outside.all(|outside| outside.map.is_none() || outside.kind == LayerKind::Utf16);
        let size = match (layer.kind, layer.span.len()) {
            // A message in a capture has no single place in the file.
            (LayerKind::Capture { packet }, _) => format!("packet {packet}"),
            (kind, len) if !kind.is_text() => format!("{len} bytes"),
            _ if is_pasted => analysis.characters().size(place),
            (_, len) => format!("{len} characters"),
        };
        let mut label = layer.kind.label();
        if index == token.innermost() {
            label = format!("{label} {}", token.content.name());
        }
        TrailStep {
            label,
            size,
            place: analysis.characters().place(place),
            facts: layer.facts.iter().map(|fact| (fact.name, fact.value.clone())).collect(),
        }
    });
    steps.collect()
}

fn pasted(analysis: &Analysis, token: &Token) -> Pasted {
    Pasted {
        base: token.layers.last().map_or(0, |layer| layer.span.start),
        maps: token.layers.iter().rev().filter_map(|layer| layer.map.clone()).collect(),
        characters: Arc::clone(analysis.characters()),
    }
}

fn findings(analysis: &Analysis, index: usize) -> Vec<FindingRow> {
    let Some(token) = analysis.tokens().get(index) else { return Vec::new() };
    let mut rows = Vec::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        for (layer, finding) in analysis.findings_of(index) {
            if finding.severity() != severity {
                continue;
            }
            let around = token.layers.get(layer).filter(|_| layer != token.innermost());
            rows.push(FindingRow {
                layer: around.map_or_else(String::new, |layer| layer.kind.label()),
                severity,
                code: finding.code.as_str(),
                message: finding.message.clone().into_owned(),
                explanation: finding.code.explanation(),
                span: Span::new(finding.span.start, finding.span.end),
            });
        }
    }
    rows
}
