//! The check that catches each change: every other value of every byte of T1's three messages, with
//! the secret known.

use std::{collections::BTreeSet, fmt::Write as _};

use spnscope::base::finding::Severity;
use spnscope::judge::proof::{ExchangeMessages, Keys, Proof, ProofVerdict, Secret, verify};
use spnscope::message::{
    field::FieldPath,
    ntlm::{Body, Message},
};

use crate::{
    fixtures::{bytes, parse, text},
    golden::assert_kept,
};

/// The catch of a change, in the order in which a server comes to it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Caught {
    /// The bytes are no message of their type any more.
    Message,
    /// A finding of the severity error: a receiver would refuse the message.
    Error,
    /// The response does not fit.
    Response,
    /// The response does not fit, and the message echoes another time: it may answer another
    /// CHALLENGE.
    OtherChallenge,
    /// The MIC does not match.
    Mic,
    /// The session keys are others, so the first signed or sealed message fails.
    Keys,
    /// The response fits other names than those the message has, which a server may accept.
    Names,
    /// Nothing.
    Nothing,
}

impl Caught {
    const fn words(self) -> &'static str {
        match self {
            Self::Message => "no message",
            Self::Error => "error finding",
            Self::Response => "NTProofStr",
            Self::OtherChallenge => "other CHALLENGE",
            Self::Mic => "MIC",
            Self::Keys => "session keys",
            Self::Names => "names told",
            Self::Nothing => "nothing",
        }
    }
}

fn messages() -> [Message; 3] {
    let text = text("vectors/t1.b64");
    let messages = text.lines().map(|line| parse(&bytes(&line.into())));
    messages.collect::<Vec<_>>().try_into().expect("three messages")
}

fn prove(messages: [&Message; 3], secret: &Secret) -> Proof {
    let [negotiate, challenge, authenticate] = messages.map(Some);
    verify(ExchangeMessages { negotiate, challenge, authenticate }, Some(secret))
}

fn errors(messages: [&Message; 3]) -> usize {
    let findings = messages.into_iter().flat_map(|message| &message.findings);
    findings.filter(|finding| finding.severity() == Severity::Error).count()
}

/// The first catch if one message is another one: with the MIC, and as if there were none.
fn caught(
    original: &[Message; 3],
    keys: Option<&Keys>,
    index: usize,
    changed: &[u8],
    secret: &Secret,
) -> [Caught; 2] {
    let Ok(message) = Message::parse(changed.into()) else { return [Caught::Message; 2] };
    let same_type = match index {
        0 => matches!(message.body, Body::Negotiate(_)),
        1 => matches!(message.body, Body::Challenge(_)),
        _ => matches!(message.body, Body::Authenticate(_)),
    };
    if !same_type {
        return [Caught::Message; 2];
    }
    let mut messages = original.each_ref();
    messages[index] = &message;
    if errors(messages) > 0 {
        return [Caught::Error; 2];
    }
    let proof = prove(messages, secret);
    match proof.response.verdict {
        ProofVerdict::Valid => {}
        ProofVerdict::Unknown => return [Caught::OtherChallenge; 2],
        _ => return [Caught::Response; 2],
    }
    let without_mic = if proof.keys.as_ref().map(Keys::named) != keys.map(Keys::named) {
        Caught::Keys
    } else if proof.fitted.is_some() {
        Caught::Names
    } else {
        Caught::Nothing
    };
    [if proof.mic.verdict == ProofVerdict::Valid { without_mic } else { Caught::Mic }, without_mic]
}

/// The leaf that a byte belongs to, without the name of the message.
fn field_of(message: &Message, at: usize) -> String {
    let mut name = "(no field)".to_owned();
    message.field().walk(&mut |path, field, _| {
        if field.children.is_empty() && (field.span.start..field.span.end).contains(&at) {
            name = FieldPath::new(&path.steps()[1..]).to_string();
        }
    });
    name
}

/// Bytes of one field that the same checks cover.
#[derive(PartialEq)]
struct Row {
    message: &'static str,
    first: usize,
    last: usize,
    field: String,
    caught: [BTreeSet<Caught>; 2],
}

fn rows() -> Vec<Row> {
    let (original, secret) = (messages(), Secret::from_password("Password"));
    let keys = prove(original.each_ref(), &secret).keys;
    let mut rows: Vec<Row> = Vec::new();
    for (index, name) in ["NEGOTIATE", "CHALLENGE", "AUTHENTICATE"].into_iter().enumerate() {
        let mut bytes = original[index].bytes().to_vec();
        for at in 0..bytes.len() {
            let kept = bytes[at];
            let mut all = [BTreeSet::new(), BTreeSet::new()];
            for value in (0..=u8::MAX).filter(|value| *value != kept) {
                bytes[at] = value;
                for (all, caught) in
                    all.iter_mut().zip(caught(&original, keys.as_ref(), index, &bytes, &secret))
                {
                    all.insert(caught);
                }
            }
            bytes[at] = kept;
            let field = field_of(&original[index], at);
            match rows.last_mut() {
                Some(row) if (row.message, &row.field, &row.caught) == (name, &field, &all) => {
                    row.last = at;
                }
                _ => rows.push(Row { message: name, first: at, last: at, field, caught: all }),
            }
        }
    }
    rows
}

fn range(row: &Row) -> String {
    if row.first == row.last {
        row.first.to_string()
    } else {
        format!("{}-{}", row.first, row.last)
    }
}

fn words(caught: &BTreeSet<Caught>) -> String {
    caught.iter().map(|caught| caught.words()).collect::<Vec<_>>().join(", ")
}

const HEAD: &str = "\
# Which check catches a change of which byte of T1, with the secret known. For each byte all 255 other
# values were tried; a cell names every check that is the first to catch some of them. The last column is
# what is left where nobody checks the MIC. tests/fixtures/README.md explains the rows.
";

#[test]
fn every_changed_byte_of_t1_is_caught_by_the_check_that_covers_it() {
    let rows = rows();
    let mut table = HEAD.to_owned();
    let field_width = rows.iter().map(|row| row.field.len()).max().unwrap();
    let caught_width = rows.iter().map(|row| words(&row.caught[0]).len()).max().unwrap();
    for row in &rows {
        let [with_mic, without_mic] = row.caught.each_ref().map(words);
        writeln!(
            table,
            "{:12} {:>7}  {:field_width$}  {with_mic:caught_width$}  {without_mic}",
            row.message,
            range(row),
            row.field,
        )
        .unwrap();
    }
    assert_kept("coverage-t1.txt", &table);
    let uncovered: Vec<_> = rows
        .iter()
        .filter(|row| row.caught[0].iter().any(|caught| *caught > Caught::Mic))
        .map(|row| format!("{} {} {}", row.message, range(row), row.field))
        .collect();
    assert!(uncovered.is_empty(), "the MIC covers all three messages: {uncovered:#?}");
}
