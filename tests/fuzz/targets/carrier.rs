//! Bytes with messages in them: where each was found, and what is taken for it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spnscope::base::span::Span;
use spnscope::message::content::Content;
use spnscope::read::{carrier::find_messages, layer::LayerKind};

/// More messages than fit into the largest input.
const MAX_MESSAGES: usize = 4096;

fuzz_target!(|bytes: &[u8]| {
    let found = find_messages(bytes, MAX_MESSAGES);
    for message in &found {
        // A layer lies in the one outside it, until one opens a buffer of its own.
        let mut outer = Some(Span::new(0, bytes.len()));
        for layer in &message.layers {
            if let Some(outer) = outer {
                assert!(outer.contains(layer.span), "{layer:?} is outside {outer:?}");
                for fact in &layer.facts {
                    assert!(outer.contains(fact.span), "{fact:?} is outside {outer:?}");
                }
            }
            outer = outer.filter(|_| layer.map.is_none()).and(Some(layer.span));
        }
        let innermost = message.layers.last().expect("a layer");
        if let Some(span) = outer {
            assert_eq!(bytes[span.start..span.end], *message.content.bytes());
        }
        match &message.content {
            Content::Ntlm(_) => assert_eq!(innermost.kind, LayerKind::Ntlmssp),
            Content::Kerberos(_) => assert_eq!(innermost.kind, LayerKind::Kerberos),
            Content::Response(_) => panic!("no carrier has a line of text"),
        }
        for (layer, finding) in &message.findings {
            assert!(*layer < message.layers.len(), "{finding:?} is about no layer");
        }
    }
    // Fewer are the same ones, but for what stands behind tokens that are not read to their end.
    let few = find_messages(bytes, found.len() / 2);
    assert_eq!(few.len(), found.len() / 2);
    for (one, other) in few.iter().zip(&found) {
        assert_eq!((&one.layers, &one.content), (&other.layers, &other.content));
    }
});
