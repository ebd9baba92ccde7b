//! Every message and exchange of the captures against its ground truth.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use spnscope::analysis::{Exchange, analyze};
use spnscope::base::finding::{Code, Severity};
use spnscope::judge::{
    proof::{ProofVerdict, Secret, Side, mech_list_mic},
    smb::ServerSettings,
};
use spnscope::show::report::{render_json, render_text};

use crate::{
    der::{oid, tlv},
    fixtures::{bytes, every_message, lines, parse, pasted, story_server, unhex},
    read::carriers::carrier,
    wrong::Wrong,
};

/// The report of a line's three messages against the story's server.
fn report(line: &Value, secret: Option<&Secret>) -> Value {
    let analysis = analyze(pasted(line).as_bytes(), &story_server(), secret);
    serde_json::from_str(&render_json(&analysis)).expect("the report is JSON")
}

fn fact<'r>(report: &'r Value, token: usize, fact: &str) -> &'r Value {
    &report["tokens"][token]["facts"][fact]
}

/// The value of the pair with that id, `null` where it is not there.
fn pair(report: &Value, id: u16) -> Value {
    let pairs = fact(report, 2, "av_pairs").as_array().expect("a list");
    pairs.iter().find(|pair| pair["id"] == id).map_or(Value::Null, |pair| pair["value"].clone())
}

#[test]
fn every_exchange_decodes_to_its_facts() {
    let mut wrong = Wrong::default();
    let exchanges = lines("exchanges.jsonl");
    assert_eq!(exchanges.len(), 50);
    for line in &exchanges {
        let (name, expected) = (line["capture"].as_str().unwrap(), &line["expected"]);
        let report = report(line, None);
        let mut compare = |key: &str, ours: &Value| {
            wrong.compare(&format!("{name}: {key}"), ours, &expected[key]);
        };
        for key in ["user", "domain", "workstation"] {
            compare(key, fact(&report, 2, key));
        }
        compare("server_challenge", fact(&report, 1, "server_challenge"));
        compare("negotiate_flags", fact(&report, 2, "flags_value"));
        compare("target_name", &pair(&report, 9));
        compare("av_flags", &pair(&report, 6));
        compare("channel_bindings", &pair(&report, 10));
        let variant = match fact(&report, 2, "response").as_str() {
            Some("ntlmv2") => "NTLMv2",
            Some("ntlmv1") => "NTLMv1",
            Some("ntlm2-session") => "NTLMv1-ESS",
            Some(other) => other,
            None => "no response",
        };
        compare("variant", &json!(variant));
        let message = parse(&bytes(&line["authenticate"]));
        let authenticate = message.as_authenticate().unwrap();
        compare("mic_field_present", &json!(authenticate.mic.is_some()));
        let sent = authenticate.mic.map(|mic| message.source().slice(mic));
        compare("mic", &sent.map_or(Value::Null, |mic| json!(spnscope::message::field::hex(mic))));
        let state = fact(&report, 2, "mic")["state"].as_str().unwrap();
        let announced = matches!(state, "present" | "zero" | "announced-missing");
        compare("mic_announced", &json!(announced));
    }
    wrong.assert_none();
}

#[test]
fn every_exchange_is_judged_as_expected() {
    let mut wrong = Wrong::default();
    let mut judged = 0;
    for line in lines("exchanges.jsonl") {
        let expected = &line["expected_spn_verdict"];
        if expected.is_null() {
            continue;
        }
        judged += 1;
        let list = |key: &str| {
            let list = expected[key].as_array().expect("a list").iter();
            list.map(|entry| entry.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let server = ServerSettings {
            names: list("server_names"),
            addresses: list("server_addresses").iter().map(|a| a.parse().unwrap()).collect(),
            ..ServerSettings::default()
        };
        let analysis = analyze(pasted(&line).as_bytes(), &server, None);
        let verdict = analysis.exchanges()[0].verdict.as_ref().expect("a verdict");
        for (decision, level) in verdict.decisions.values().zip(["level0", "level1", "level2"]) {
            let ours = if decision.spn_check.accept { "accept" } else { "deny" };
            let what = format!("{}: {level}", line["capture"]);
            wrong.compare(&what, &json!(ours), &expected[level]);
        }
    }
    assert_eq!(judged, 36);
    wrong.assert_none();
}

#[test]
fn every_exchange_is_proven_as_expected() {
    let mut wrong = Wrong::default();
    for line in lines("exchanges.jsonl") {
        let (name, expected) = (line["capture"].as_str().unwrap(), &line["expected"]);
        let is_anonymous = expected["variant"] == "anonymous";
        let password = Secret::from_password(line["password"].as_str().unwrap());
        // Nobody has no hash.
        let hash = line["nt_hash"].as_str().map(|hash| Secret::from_nt_hash(hash).unwrap());
        let secrets: Vec<_> = [Some(password), hash].into_iter().flatten().collect();
        for secret in &secrets {
            let report = report(&line, Some(secret));
            let proof = &report["exchanges"][0]["proof"];
            let valid = verdict(&proof["nt_proof_str"]);
            wrong.compare(&format!("{name}: nt_proof_ok"), &valid, &expected["nt_proof_ok"]);
            for key in ["session_base_key", "key_exchange_key", "exported_session_key"] {
                // The truth has the keys of an anonymous sign-in; no secret proves them, so none is
                // given.
                let truth = if is_anonymous { &Value::Null } else { &expected[key] };
                wrong.compare(&format!("{name}: {key}"), &proof[key], truth);
            }
            let lm_response = verdict(&proof["lm_response"]);
            let is_zero = expected["lm_all_zero"] == json!(true);
            let truth = if is_zero { &Value::Null } else { &expected["lmv2_ok"] };
            if expected["variant"] == "NTLMv2" {
                wrong.compare(&format!("{name}: lmv2_ok"), &lm_response, truth);
            }
            // The truth is null where no MIC is announced and the bytes are not a right one either.
            // Where the secret does not fit the response, the key of the MIC is not known.
            let mic = verdict(&proof["mic"]);
            let truth = match &expected["mic_valid"] {
                _ if expected["nt_proof_ok"] == json!(false) => Value::Null,
                Value::Null if mic == json!(false) => json!(false),
                truth => truth.clone(),
            };
            wrong.compare(&format!("{name}: mic_valid"), &mic, &truth);
        }
    }
    wrong.assert_none();
}

/// A verdict as the truth writes it: null where it cannot be told or there is nothing.
fn verdict(ours: &Value) -> Value {
    match ours.as_str() {
        Some("valid") => json!(true),
        Some("invalid") => json!(false),
        _ => Value::Null,
    }
}

/// Nobody's key is all zero, so that no secret is needed for the MIC.
#[test]
fn the_mic_of_an_anonymous_sign_in_is_checked_without_a_secret() {
    let exchanges = lines("exchanges.jsonl");
    let line = exchanges.iter().find(|line| line["capture"] == "smb3-anonymous.pcapng").unwrap();
    let report = report(line, None);
    let proof = &report["exchanges"][0]["proof"];
    assert_eq!((&proof["mic"], &proof["nt_proof_str"]), (&json!("valid"), &json!("unknown")));
    assert_eq!(proof["mic_computed"], line["expected"]["mic"]);
    assert_eq!(proof["exported_session_key"], Value::Null);
    assert!(proof["because"].as_str().unwrap().starts_with("The sign-in is anonymous"));
}

/// Both sides' `mechListMIC` of every exchange in SPNEGO that has one, with the keys that follow
/// from the account's password; and no byte of them may be another.
#[test]
fn every_mech_list_mic_is_right() {
    let (exchanges, mut right) = (lines("exchanges.jsonl"), 0);
    for signed in lines("mech-list-mics.jsonl") {
        let line = exchanges
            .iter()
            .find(|line| {
                line["capture"] == signed["capture"]
                    && line["frames"][2] == signed["authenticate_frame"]
            })
            .expect("the exchange");
        let secret = Secret::from_password(line["password"].as_str().unwrap());
        let analysis = analyze(pasted(line).as_bytes(), &story_server(), Some(&secret));
        let Some(keys) = &analysis.exchanges()[0].proof.keys else {
            assert_eq!(line["expected"]["nt_proof_ok"], json!(false), "{signed}");
            continue;
        };
        let list = unhex(signed["mech_types"].as_str().unwrap());
        let mic = unhex(signed["mech_list_mic"].as_str().unwrap());
        let sides = [Side::Client, Side::Server];
        let is_from_client = signed["from_client"].as_bool().unwrap();
        let [from, other] = if is_from_client { sides } else { [sides[1], sides[0]] };
        let verdict = |list: &[u8], mic: &[u8], from| mech_list_mic(keys, list, mic, from).verdict;
        assert_eq!(verdict(&list, &mic, from), ProofVerdict::Valid, "{signed}");
        assert_eq!(verdict(&list, &mic, other), ProofVerdict::Invalid, "{signed}");
        for at in 0..list.len() {
            let mut changed = list.clone();
            changed[at] ^= 1;
            assert_eq!(verdict(&changed, &mic, from), ProofVerdict::Invalid, "{signed}");
        }
        for at in 0..mic.len() {
            let mut changed = mic.clone();
            changed[at] ^= 1;
            assert_eq!(verdict(&list, &changed, from), ProofVerdict::Invalid, "{signed}");
        }
        right += 1;
    }
    assert_eq!(right, 56);
}

/// The SPNEGO tokens of a sign-in, in base64: its messages with the list and the signatures of a
/// capture.
struct Negotiated {
    password: String,
    tokens: Vec<Vec<u8>>,
    /// The signers, in the order of the tokens.
    signed: Vec<&'static str>,
    is_right: bool,
}

impl Negotiated {
    fn pasted(&self) -> String {
        let lines: Vec<_> = self.tokens.iter().map(|token| STANDARD.encode(token)).collect();
        lines.join("\n")
    }

    /// The report's lines on the signatures of the sign-in with that number.
    fn verdicts(&self, pasted: &str, exchange: usize) -> Vec<(String, String)> {
        let secret = Secret::from_password(&self.password);
        let analysis = analyze(pasted.as_bytes(), &story_server(), Some(&secret));
        let report: Value = serde_json::from_str(&render_json(&analysis)).unwrap();
        let mics = report["exchanges"][exchange]["mech_list_mics"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        mics.map(|mic| {
            let told = mic["verdict"] != "unknown" || mic["because"].is_string();
            assert!(told, "{mic}");
            (text(&mic["from"]), text(&mic["verdict"]))
        })
        .collect()
    }

    fn all(&self, verdict: &str) -> Vec<(String, String)> {
        self.signed.iter().map(|from| ((*from).to_owned(), verdict.to_owned())).collect()
    }
}

/// Every exchange of the captures whose tokens are signed.
fn negotiated() -> Vec<Negotiated> {
    let octets = |field: u8, bytes: &[u8]| tlv(field, &tlv(0x04, bytes));
    let answer = |fields: &[Vec<u8>]| tlv(0xa1, &tlv(0x30, &fields.concat()));
    let (exchanges, signatures) = (lines("exchanges.jsonl"), lines("mech-list-mics.jsonl"));
    let of = |line: &Value| {
        let own = signatures.iter().filter(|signed| {
            signed["capture"] == line["capture"]
                && signed["authenticate_frame"] == line["frames"][2]
        });
        let own: Vec<_> = own.collect();
        let list = unhex(own.first()?["mech_types"].as_str().unwrap());
        let mic = |from_client: bool| {
            let signed = own.iter().find(|signed| signed["from_client"] == from_client)?;
            Some(octets(0xa3, &unhex(signed["mech_list_mic"].as_str().unwrap())))
        };
        let (client, server) = (mic(true), mic(false));
        let offered = [tlv(0xa0, &list), octets(0xa2, &bytes(&line["negotiate"]))];
        let init = [oid(&[0x2b, 6, 1, 5, 5, 2]), tlv(0xa0, &tlv(0x30, &offered.concat()))];
        let mut tokens = vec![
            tlv(0x60, &init.concat()),
            answer(&[octets(0xa2, &bytes(&line["challenge"]))]),
            answer(&[
                octets(0xa2, &bytes(&line["authenticate"])),
                client.clone().unwrap_or_default(),
            ]),
        ];
        tokens.extend(server.clone().map(|mic| answer(&[tlv(0xa0, &tlv(0x0a, &[0])), mic])));
        let signed = client.map(|_| "client").into_iter().chain(server.map(|_| "server"));
        Some(Negotiated {
            password: line["password"].as_str().unwrap().to_owned(),
            tokens,
            signed: signed.collect(),
            is_right: line["expected"]["nt_proof_ok"] == json!(true),
        })
    };
    exchanges.iter().filter_map(of).collect()
}

/// Whole tokens with the lists and signatures of all captures: right; with one bit of the list
/// changed, not; without the list, or with a password that does not fit, nothing can be told.
#[test]
fn a_sign_in_says_whether_its_mech_list_mics_hold() {
    let mut signatures = 0;
    for sign_in in negotiated() {
        let expected = if sign_in.is_right { "valid" } else { "unknown" };
        let pasted = sign_in.pasted();
        assert_eq!(sign_in.verdicts(&pasted, 0), sign_in.all(expected));
        if !sign_in.is_right {
            continue;
        }
        signatures += sign_in.signed.len();
        let (_, without_list) = pasted.split_once('\n').unwrap();
        assert_eq!(sign_in.verdicts(without_list, 0), sign_in.all("unknown"));
        let mut changed = Negotiated { tokens: sign_in.tokens.clone(), ..sign_in };
        let init = &mut changed.tokens[0];
        let list = init.windows(2).position(|bytes| bytes == [0x30, 0x0c]).unwrap_or_else(|| {
            // A list of several: behind the framing, the field and its tag.
            init.windows(3).position(|bytes| bytes[0] == 0x30 && bytes[2] == 0x06).unwrap()
        });
        init[list + 6] ^= 1;
        assert_eq!(changed.verdicts(&changed.pasted(), 0), changed.all("invalid"));
    }
    assert_eq!(signatures, 56);
}

#[test]
fn signatures_go_to_the_sign_in_whose_keys_they_fit() {
    let all: Vec<_> = negotiated().into_iter().filter(|sign_in| sign_in.is_right).collect();
    // One secret proves both.
    let is_like =
        |sign_in: &&Negotiated| sign_in.tokens.len() == 4 && sign_in.password == all[0].password;
    let whole: Vec<_> = all.iter().filter(is_like).collect();
    let [one, other] = [whole[0], whole[1]];
    let line = |token: &Vec<u8>| STANDARD.encode(token) + "\n";
    // The servers' last tokens are at the end, in the other order.
    let mut pasted: String = one.tokens[..3].iter().chain(&other.tokens[..3]).map(line).collect();
    pasted += &(line(&other.tokens[3]) + &line(&one.tokens[3]));
    assert_eq!(one.verdicts(&pasted, 0), one.all("valid"));
    assert_eq!(other.verdicts(&pasted, 1), other.all("valid"));
    // Of a signature that fits neither it is not said whose it is.
    let mut wrong = other.tokens[3].clone();
    *wrong.iter_mut().rev().nth(5).unwrap() ^= 1;
    let mut pasted: String = one.tokens[..3].iter().chain(&other.tokens[..3]).map(line).collect();
    pasted += &line(&wrong);
    for (exchange, sign_in) in [one, other].into_iter().enumerate() {
        let expected = [("client".into(), "valid".into()), ("server".into(), "unknown".into())];
        assert_eq!(sign_in.verdicts(&pasted, exchange), expected);
    }
    let secret = Secret::from_password(&one.password);
    let analysis = analyze(one.pasted().as_bytes(), &story_server(), Some(&secret));
    let text = render_text(&analysis);
    for from in ["client", "server"] {
        assert!(text.contains(&format!("    mechListMIC of the {from}: valid.\n")), "{text}");
    }
}

/// The packets of a captured sign-in, as they were sent. The server's list, which is before the
/// client's, is not what is signed.
#[test]
fn packets_of_a_sign_in_say_that_its_signatures_hold() {
    let packets = ["negotiate-response", "negotiate", "challenge", "authenticate", "success"]
        .map(|name| carrier(&format!("smb2-{name}")));
    let secret = Secret::from_password("Lab-Passw0rd!23");
    let verdicts = |packets: &[Vec<u8>]| {
        let analysis = analyze(&packets.concat(), &story_server(), Some(&secret));
        let mics = analysis.exchanges()[0].mech_list_mics.iter();
        mics.map(|mic| (mic.from, mic.check.verdict)).collect::<Vec<_>>()
    };
    let both = |verdict| vec![(Side::Client, verdict), (Side::Server, verdict)];
    assert_eq!(verdicts(&packets), both(ProofVerdict::Valid));
    assert_eq!(verdicts(&packets[..4]), [(Side::Client, ProofVerdict::Valid)]);
    // Without the client's NegTokenInit, NEGOTIATE is missing too, and the key is known all the
    // same.
    let without = [&packets[..1], &packets[2..]].concat();
    assert_eq!(verdicts(&without), both(ProofVerdict::Unknown));
}

/// One capture was made with a wrong password; the one that was typed fits it.
#[test]
fn the_password_that_was_typed_fits() {
    let exchanges = lines("exchanges.jsonl");
    let typed: Vec<_> =
        exchanges.iter().filter(|line| line.get("password_typed").is_some()).collect();
    assert_eq!(typed.len(), 1);
    let (line, expected) = (typed[0], &typed[0]["expected_with_typed_password"]);
    let secret = Secret::from_password(line["password_typed"].as_str().unwrap());
    let report = report(line, Some(&secret));
    let proof = &report["exchanges"][0]["proof"];
    assert_eq!((&expected["nt_proof_ok"], &expected["mic_valid"]), (&json!(true), &json!(true)));
    assert_eq!((&proof["nt_proof_str"], &proof["mic"]), (&json!("valid"), &json!("valid")));
    assert_eq!(proof["exported_session_key"], expected["exported_session_key"]);
}

#[test]
fn every_message_decodes_to_what_tshark_printed() {
    let mut wrong = Wrong::default();
    let mut compared = 0;
    for line in lines("messages.jsonl") {
        let truth = &line["tshark"];
        if truth.is_null() {
            continue;
        }
        let name = format!("{} frame {}", line["capture"], line["frame"]);
        let pasted = line["base64"].as_str().unwrap();
        let analysis = analyze(pasted.as_bytes(), &ServerSettings::default(), None);
        let report: Value = serde_json::from_str(&render_json(&analysis)).unwrap();
        let facts = &report["tokens"][0]["facts"];
        let colons = |hex: &Value| {
            let hex = hex.as_str().unwrap_or_default().as_bytes();
            let pairs: Vec<_> = hex.chunks(2).map(|p| str::from_utf8(p).unwrap()).collect();
            json!(pairs.join(":"))
        };
        let number = |value: &Value| value.as_u64().map_or(Value::Null, |n| json!(n.to_string()));
        let ours = [
            ("ntlmssp.negotiateflags", facts["flags_value"].clone()),
            ("ntlmssp.ntlmserverchallenge", colons(&facts["server_challenge"])),
            ("ntlmssp.version.major", number(&facts["version"]["major"])),
            ("ntlmssp.version.minor", number(&facts["version"]["minor"])),
            ("ntlmssp.version.build_number", number(&facts["version"]["build"])),
            ("ntlmssp.version.ntlm_current_revision", number(&facts["version"]["revision"])),
            ("ntlmssp.challenge.target_name", facts["challenge_target_name"].clone()),
            ("ntlmssp.auth.domain", facts["domain"].clone()),
            ("ntlmssp.auth.username", facts["user"].clone()),
            ("ntlmssp.auth.hostname", facts["workstation"].clone()),
            ("ntlmssp.auth.mic", colons(&facts["mic"]["value"])),
        ];
        for (key, ours) in ours {
            let Some(theirs) = truth.get(key) else { continue };
            // tshark writes NULL for a name that is not there.
            let theirs = if theirs == "NULL" { json!("") } else { theirs.clone() };
            compared += 1;
            wrong.compare(&format!("{name}: {key}"), &ours, &theirs);
        }
    }
    assert!(compared > 500, "only {compared} fields were compared");
    wrong.assert_none();
}

#[test]
fn messages_of_real_clients_give_no_warning_and_no_error() {
    let mut wrong = Vec::new();
    for (name, bytes) in every_message() {
        for finding in parse(&bytes).findings {
            if finding.severity() > Severity::Note {
                wrong.push(format!("{name}: {} {}", finding.code.as_str(), finding.message));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_messages_of_an_exchange_fit_together() {
    for line in &lines("exchanges.jsonl") {
        let analysis = analyze(pasted(line).as_bytes(), &story_server(), None);
        let exchanges: Vec<_> = analysis.exchanges().iter().map(Exchange::messages).collect();
        assert_eq!(exchanges, [[Some(0), Some(1), Some(2)]], "{}", line["capture"]);
        // Some clients give no MIC where the specification asks for one; nothing contradicts
        // itself.
        for (_, finding) in analysis.tokens().iter().flat_map(|token| token.all_findings()) {
            assert_eq!(finding.severity(), Severity::Note, "{}: {finding:?}", line["capture"]);
            assert_ne!(finding.code, Code::ExchangeAmbiguous, "{}", line["capture"]);
        }
    }
}
