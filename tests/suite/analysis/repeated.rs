//! One message that is in a paste more than once is one message with several places; what only
//! begins alike stays two sign-ins.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use spnscope::analysis::{Analysis, analyze};
use spnscope::judge::{
    proof::{ProofVerdict, Secret},
    smb::ServerSettings,
};
use spnscope::read::service::ServiceKind;
use spnscope::show::report::{render_json, render_text};

use crate::{fixtures::text, read::inputs_spellings::analysis};

/// The message with that letter: `N` offers, `C` and `c` challenge with different numbers, `A`, `B`
/// and `D` answer.
fn message(letter: char) -> Vec<u8> {
    let of =
        |file: &str, line: usize| STANDARD.decode(text(file).lines().nth(line).unwrap()).unwrap();
    match letter {
        'N' => of("vectors/t1.b64", 0),
        'C' => of("vectors/t1.b64", 1),
        'c' => {
            let mut other = of("vectors/t1.b64", 1);
            other[24] ^= 0xFF;
            other
        }
        'A' => of("vectors/t1.b64", 2),
        'B' => of("vectors/t2.b64", 2),
        'D' => of("vectors/t3.b64", 2),
        _ => panic!("{letter}"),
    }
}

fn pasted(letters: &str) -> Analysis {
    let lines = letters.chars().filter(|letter| *letter != ' ');
    let lines: Vec<_> = lines.map(|letter| STANDARD.encode(message(letter))).collect();
    analysis(lines.join("\n\n").as_bytes())
}

#[test]
fn copies_are_one_message_and_sign_ins_that_begin_alike_stay_apart() {
    #[rustfmt::skip]
    let cases = [
        ("A A",                     1, 1),
        ("N N N",                   1, 1),
        ("C C",                     1, 1),
        ("N C A A",                 3, 1),
        ("N C A N",                 3, 1),
        ("N N C A",                 3, 1),
        ("N C A  N C A",            3, 1),
        ("N C A  N C A  N C A",     3, 1),
        ("N N C C A A",             3, 1),
        ("A A C C N N",             3, 1),
        ("N C A  N C B",            6, 2),
        ("N C A  N c B",            6, 2),
        ("N N C c A B",             6, 2),
        ("N N C C A B",             6, 2),
        ("N C N c A B",             6, 2),
        ("N N N C c C A B D",       9, 3),
        ("N N C C A A  N N c c B B", 6, 2),
        ("N C A  N c B  N C A",     6, 2),
        ("N C A  N c B  N C A  N c B", 6, 2),
        ("A C N  B c N",            6, 2),
    ];
    for (letters, tokens, sign_ins) in cases {
        let analysis = pasted(letters);
        assert_eq!(
            (
                analysis.tokens().len(),
                analysis
                    .exchanges()
                    .iter()
                    .filter(|e| e.verdict.is_some())
                    .count()
                    .max(usize::from(!letters.contains('A')))
            ),
            (tokens, sign_ins),
            "{letters}"
        );
        // No copy is lost.
        let places: usize = analysis.tokens().iter().map(|token| token.places.len()).sum();
        assert_eq!(places, letters.replace(' ', "").len(), "{letters}");
    }
}

#[test]
fn each_place_is_given_with_its_encoding() {
    let pasted = text("cases/min-14b-header-and-its-token-in-hex.txt");
    let analysis = analysis(pasted.as_bytes());
    let report: Value = serde_json::from_str(&render_json(&analysis)).unwrap();
    let places = report["tokens"][0]["places"].as_array().unwrap();
    let read: Vec<_> = places
        .iter()
        .map(|place| {
            let [start, end] =
                ["start", "end"].map(|key| usize::try_from(place[key].as_u64().unwrap()).unwrap());
            (place["reading"].as_str().unwrap(), pasted[start..end].get(..8).unwrap())
        })
        .collect();
    assert_eq!(read, [("hex", "4e544c4d"), ("base64", "TlRMTVNT")]);
    // The header names the service, the hex does not.
    assert_eq!(analysis.exchanges()[0].service.kind, ServiceKind::Http);
    let said = render_text(&analysis);
    assert!(
        said.contains("In the input 2 times: characters 14 to 753 (hex), characters "),
        "{said}"
    );
    let once = render_text(&pasted_once());
    assert!(!once.contains("In the input"), "{once}");
}

fn pasted_once() -> Analysis {
    pasted("A")
}

/// The line that a tool made of a message is no second sign-in.
#[test]
fn a_line_beside_its_message_is_the_same_sign_in() {
    let pasted = text("cases/min-14e-message-and-its-line.txt");
    let secret = Secret::from_password("Password");
    let analysis = analyze(pasted.as_bytes(), &ServerSettings::default(), Some(&secret));
    assert_eq!(analysis.exchanges().len(), 1);
    let exchange = &analysis.exchanges()[0];
    assert_eq!((exchange.authenticate, exchange.response), (Some(0), Some(1)));
    // The challenge is in the line.
    assert_eq!(exchange.proof.response.verdict, ProofVerdict::Valid);
}
