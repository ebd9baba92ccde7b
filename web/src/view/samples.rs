//! The samples: sign-ins of one story, ready to open.

use std::net::{IpAddr, Ipv4Addr};

use crate::view::{LevelCard, levels::level_card};
use spnscope::analysis::analyze;
use spnscope::judge::{events::Events, smb::ServerSettings};

/// One sign-in of the story, ready to open.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sample {
    /// Its name in a row of samples: `NAT in front`.
    pub short: &'static str,
    /// Its name in the table of the first visit.
    pub title: &'static str,
    /// A description, in one sentence.
    pub what: &'static str,
    /// The text that is pasted: three messages in base64, one a line.
    pub text: &'static str,
}

impl Sample {
    /// The server of the story, `dcfr.lab.lan` at 10.0.0.11. Its names are in the CHALLENGE.
    #[must_use]
    pub fn server(&self) -> ServerSettings {
        ServerSettings {
            addresses: vec![IpAddr::V4(Ipv4Addr::new(10, 0, 0, 11))],
            ..ServerSettings::default()
        }
    }

    /// The answers at the three levels, without events. Cheaper than a whole view.
    #[must_use]
    pub fn answers(&self) -> Vec<LevelCard> {
        let analysis = analyze(self.text.as_bytes(), &self.server(), None);
        let verdict = analysis.exchanges().first().and_then(|exchange| exchange.verdict.as_ref());
        let mut cards = Vec::with_capacity(3);
        for decision in verdict.iter().flat_map(|verdict| verdict.decisions.values()) {
            cards.push(level_card(decision, Events::default()));
        }
        cards
    }
}

/// The samples, in the order of the story.
pub const SAMPLES: &[Sample] = &[
    Sample {
        short: "NAT in front",
        title: "NAT in front of the server",
        what: r"A user types \\10.0.0.100; the server is 10.0.0.11.",
        text: include_str!("samples/nat-in-front.txt"),
    },
    Sample {
        short: "Direct",
        title: "Direct to the server",
        what: r"The same user types \\10.0.0.11.",
        text: include_str!("samples/direct.txt"),
    },
    Sample {
        short: "Empty name",
        title: "Empty name",
        what: "The field is there, but empty.",
        text: include_str!("samples/empty-name.txt"),
    },
    Sample {
        short: "No name",
        title: "No name sent",
        what: "An older client library sends none.",
        text: include_str!("samples/no-name.txt"),
    },
    Sample {
        short: "Untrusted name",
        title: "Untrusted name",
        what: "Right name, but the client marks it as not to be trusted.",
        text: include_str!("samples/untrusted-name.txt"),
    },
    Sample {
        short: "NTLMv1 client",
        title: "NTLMv1 client",
        what: "Its answer has no room for a name.",
        text: include_str!("samples/ntlmv1.txt"),
    },
];
