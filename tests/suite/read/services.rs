//! The service that a sign-in went to, and the words for one that is no file server.

use std::{fs, sync::Arc};

use serde_json::{Value, json};
use spnscope::analysis::{Analysis, Edits, analyze};
use spnscope::judge::{remedies::AllowList, smb::ServerSettings};
use spnscope::show::report::{
    Extras, render_json, render_json_with, render_text, render_text_with,
};
use spnscope_page::view::{DecodeView, Piece};
use spnscope_page::workbench::{PasteAction, ServerEdit, Workbench};

use crate::{
    fixtures::{field_path, path, story_server, text},
    read::carriers::carrier,
};

fn read(file: &str) -> Vec<u8> {
    fs::read(path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn analysis(input: &[u8]) -> Analysis {
    analyze(input, &ServerSettings::default(), None)
}

/// `kind from` of each sign-in.
fn services(input: &[u8]) -> Vec<String> {
    let report: Value = serde_json::from_str(&render_json(&analysis(input))).unwrap();
    let exchanges = report["exchanges"].as_array().unwrap().iter();
    let service = exchanges.map(|exchange| &exchange["service"]);
    let word = |value: &Value| value.as_str().unwrap_or("no word").to_owned();
    service.map(|service| word(&service["kind"]) + " " + &word(&service["from"])).collect()
}

fn view(input: &[u8]) -> DecodeView {
    let workbench = Workbench::default().apply(PasteAction::Put(Arc::from(input)));
    (**workbench.view().expect("a view")).clone()
}

/// The sentences at the top, one after another.
fn headline(view: &DecodeView) -> String {
    let pieces = view.headline.pieces.iter().map(|piece| match piece {
        Piece::Text(text) | Piece::TargetName(text) | Piece::Data(text) => text.as_str(),
    });
    format!("{} {}", view.headline.verdict, pieces.collect::<String>())
}

#[test]
#[rustfmt::skip]
fn the_service_is_what_carried_the_sign_in() {
    let cases = [
        ("inputs/curl-v.txt",                             "http carrier"),
        ("inputs/curl-trace-ascii.txt",                   "http carrier"),
        ("inputs/har.json",                               "http carrier"),
        ("captures/winrm-negotiate-pypsrp.pcapng",        "http carrier"),
        ("captures/http-negotiate-curl-apache.pcapng",    "http carrier"),
        ("captures/http-ntlm-curl.pcapng",                "http carrier"),
        ("captures/http-ntlm-requests.pcapng",            "http carrier"),
        ("captures/http-proxy-ntlm-curl.pcapng",          "http carrier"),
        ("captures/ad-ldap-gss-spnego-ntlm.pcapng",       "ldap carrier"),
        ("captures/ad-ldap-impacket-gss-spnego.pcapng",   "ldap carrier"),
        ("captures/ldap-sicily-ldap3.pcapng",             "ldap carrier"),
        ("captures/tds-freetds.pcapng",                   "mssql carrier"),
        ("captures/ad-rpc-tcp-ntlm-seal.pcapng",          "rpc carrier"),
        ("captures/rpcclient-np.pcapng",                  "smb carrier"),
        ("captures/imap-ntlm-curl.pcapng",                "imap carrier"),
        ("captures/pop3-ntlm-curl.pcapng",                "pop3 carrier"),
        ("captures/smtp-ntlm-curl-exim.pcapng",           "smtp carrier"),
        ("inputs/tshark-follow-imap.txt",                 "imap carrier"),
        ("inputs/tshark-follow-pop3.txt",                 "pop3 carrier"),
        ("inputs/tshark-follow-smtp.txt",                 "smtp carrier"),
        ("captures/smb3-direct-by-fqdn.pcapng",           "smb carrier"),
        ("captures/ad-smb3-kerberos-by-fqdn.pcapng",      "smb carrier"),
        ("captures/smb1-nt1-by-fqdn.pcap",                "smb carrier"),
        ("vectors/t1.b64",                                "smb assumed"),
        ("vectors/t1-authenticate.b64",                   "smb assumed"),
    ];
    for (file, service) in cases {
        let found = services(&read(file));
        assert!(!found.is_empty() && found.iter().all(|found| found == service), "{file}: {found:?}");
    }
}

/// A packet alone tells as much as the capture it is from, and so does a hex dump of it.
#[test]
fn one_packet_tells_the_service() {
    let cases = [
        ("ldap-authenticate", "ldap carrier"),
        ("ldap-sicily-authenticate", "ldap carrier"),
        ("tds-authenticate", "mssql carrier"),
        ("dce-rpc-auth3", "rpc carrier"),
        ("smb2-authenticate", "smb carrier"),
        ("spnego-resp-mic", "smb assumed"),
    ];
    for (name, service) in cases {
        assert_eq!(services(&carrier(name)), [service], "{name}");
        let hex = text(&format!("carriers/{name}.hex"));
        assert_eq!(services(hex.as_bytes()), [service], "{name} in hex");
        let around = [&[7, 0, 1][..], &carrier(name), &[9, 0, 3]].concat();
        assert_eq!(services(&around), [service], "{name} among other bytes");
    }
}

/// A pipe is carried in SMB, and what signs in through it signs in to the RPC server behind it.
#[test]
fn rpc_in_a_pipe_of_smb_is_rpc() {
    let mut write = [&b"\xfeSMB\x40\0"[..], &[0; 58]].concat();
    write[12] = 9;
    write.extend([49, 0]);
    write.extend([0; 46]);
    assert_eq!(services(&[write, carrier("dce-rpc-auth3")].concat()), ["rpc carrier"]);
}

/// The message that is judged says where the sign-in went; the others speak where it does not.
#[test]
fn the_message_that_is_judged_decides() {
    let messages = text("vectors/t1.b64");
    let [one, two, three] = <[&str; 3]>::try_from(messages.lines().collect::<Vec<_>>()).unwrap();
    let cases = [
        (format!("Authorization: NTLM {one}\n{two}\n{three}\n"), "http carrier"),
        (format!("{one}\n{two}\nAuthorization: NTLM {three}\n"), "http carrier"),
        (format!("AUTH NTLM {one}\n334 {two}\n\n\nAuthorization: NTLM {three}\n"), "http carrier"),
        (format!("AUTH NTLM {three}\n"), "unknown carrier"),
        (format!("EHLO me\n250 AUTH NTLM\nAUTH NTLM {three}\n"), "smtp carrier"),
        (format!("+OK POP3\nAUTH NTLM {three}\n"), "pop3 carrier"),
        (format!("AUTH NTLM {three}\n235 ok\n"), "smtp carrier"),
        (format!("AUTH NTLM {three}\n-ERR no\n"), "pop3 carrier"),
        (format!("a1 AUTHENTICATE NTLM {three}\n"), "imap carrier"),
    ];
    for (pasted, service) in cases {
        assert_eq!(services(pasted.as_bytes()), [service], "{pasted}");
    }
}

/// The three that were judged as if they had gone to a file server, and their neighbours.
#[test]
#[rustfmt::skip]
fn the_headline_says_first_where_the_sign_in_went() {
    let cases = [
        ("inputs/curl-v.txt", "This sign-in went to a web server (HTTP).",
            "Relayed to a file server, it would be denied at level 2. The client does not say which server it meant; the server calls itself DCFR."),
        ("captures/ad-ldap-gss-spnego-ntlm.pcapng", "This sign-in went to a directory server (LDAP).",
            "Relayed to a file server, it would be denied at levels 1 and 2. The client asked for ldap on dcfr.lab.lan, not for file sharing (cifs); the server calls itself DCFR and dcfr.lab.lan."),
        ("captures/winrm-negotiate-pypsrp.pcapng", "This sign-in went to a web server (HTTP).",
            "Relayed to a file server, it would be denied at levels 1 and 2. The client asked for host on dcfr.lab.lan, not for file sharing (cifs);"),
        ("captures/http-proxy-ntlm-curl.pcapng", "This sign-in went to a web proxy (HTTP).",
            "Relayed to a file server, it would be denied at level 2."),
        ("captures/tds-freetds.pcapng", "This sign-in went to a database server (TDS).",
            "Relayed to a file server, it would be denied at level 2."),
        ("captures/ad-rpc-tcp-ntlm-seal.pcapng", "This sign-in went to an RPC server (DCE/RPC).",
            "Relayed to a file server, it would be denied at levels 1 and 2. The client asked for host on dcfr.lab.lan, not for file sharing (cifs);"),
        ("inputs/tshark-follow-smtp.txt", "This sign-in went to a mail server (SMTP).",
            "Relayed to a file server, "),
    ];
    for (file, before, rest) in cases {
        let view = view(&read(file));
        assert_eq!(view.headline.before, format!("{before} The policy is about file servers."), "{file}");
        assert!(headline(&view).starts_with(rest), "{file}: {}", headline(&view));
        assert_eq!(view.ways, None, "{file}: nothing is to be fixed");
        assert_eq!(view.server.missing, None, "{file}: no name is to be added");
        let relayed = view.relayed.expect("what a relay to SMB would meet");
        let is_http = before.contains("web server");
        let lab = relayed.lab.map(|scenario| scenario.link());
        assert_eq!(lab.as_deref(), is_http.then_some("http-relay/nothing/0"), "{file}");
    }
}

/// A client that is denied is not told that the server goes by the name.
#[test]
fn a_denied_class_is_named_whatever_carried_it() {
    let message = analysis(&read("captures/ad-ldap-gss-spnego-ntlm.pcapng")).tokens()[2].clone();
    let alone = view(message.content.bytes());
    assert_eq!(alone.headline.before, "");
    assert_eq!(
        headline(&alone),
        "Denied at levels 1 and 2. The client asked for ldap on dcfr.lab.lan, not for file sharing (cifs); the server calls itself DCFR and dcfr.lab.lan."
    );
    assert!(alone.ways.is_some(), "taken as one to a file server");
    assert_eq!(alone.relayed, None);
}

/// That the carrier is not known is said in the report, not in the headline.
#[test]
fn a_bare_message_is_taken_to_be_of_a_file_server() {
    let bare = read("vectors/t1.b64");
    let text = render_text(&analysis(&bare));
    let said = "  Service: SMB is assumed, since nothing shows what carried the sign-in.\n";
    assert!(text.contains(said), "{text}");
    assert_eq!(view(&bare).headline.before, "");
    let carried = render_text(&analysis(&carrier("smb2-authenticate")));
    assert!(!carried.contains("assumed, since nothing shows"), "{carried}");
    assert!(carried.contains("  Carried by: SMB2 or SMB3\n"), "{carried}");
}

#[test]
fn the_report_offers_no_remedy_and_says_why() {
    let extras = Extras { events: None, remedies: Some(AllowList::Partial) };
    let http = analysis(&read("inputs/curl-v.txt"));
    let text = render_text_with(&http, extras);
    let first = "  Service: this sign-in went to a web server (HTTP). The policy is about file servers. Relayed to one, it would get:\n";
    assert!(text.find(first) < text.find("  Level 0"), "{text}");
    assert!(text.contains(first), "{text}");
    let none = "  How to fix it: nothing needs fixing. The sign-in went to a web server (HTTP), which does not make this check.\n";
    assert!(text.contains(none), "{text}");
    assert!(!text.contains("What not to do"), "{text}");
    let report: Value = serde_json::from_str(&render_json_with(&http, extras)).unwrap();
    let exchange = &report["exchanges"][0];
    assert_eq!(exchange["service"], json!({ "kind": "http", "from": "carrier" }));
    for decision in exchange["decisions"].as_array().unwrap() {
        assert_eq!(decision["remedies"], json!([]), "{decision}");
    }
    assert_eq!(exchange.get("advice"), None);
    let bare = render_text_with(&analysis(&read("vectors/t1.b64")), extras);
    assert!(bare.contains("  How to fix it at levels 1 and 2:\n"), "{bare}");
}

/// The captured message says where a sign-in went, also if a message of it was edited by hand.
#[test]
fn an_edit_leaves_the_service_as_it_was() {
    for (input, service) in
        [(read("inputs/curl-v.txt"), "http"), (carrier("smb2-authenticate"), "smb")]
    {
        let captured = analysis(&input);
        let last = captured.tokens().len() - 1;
        let mut edits = Edits::default();
        edits
            .change(&captured, last, &field_path("AUTHENTICATE_MESSAGE.UserName"), Some("other"))
            .expect("an edit");
        let shown = captured.with(&edits, &story_server(), None);
        let report: Value = serde_json::from_str(&render_json(&shown)).unwrap();
        let exchange = &report["exchanges"][0];
        assert_eq!(exchange["service"], json!({ "kind": service, "from": "carrier" }));
        let before: Value = serde_json::from_str(&render_json(&captured)).unwrap();
        assert_eq!(exchange["evidence"]["smb"], before["exchanges"][0]["evidence"]["smb"]);
    }
}

/// A trial of the server brings back no remedy for what did not go to a file server.
#[test]
fn a_server_that_is_changed_offers_no_remedy_either() {
    let workbench = Workbench::default()
        .apply(PasteAction::Put(Arc::from(read("captures/ad-ldap-gss-spnego-ntlm.pcapng"))));
    let changed = workbench.apply(ServerEdit::Allow("dcfr.lab.lan".to_owned()));
    assert_eq!(changed.view().and_then(|view| view.ways.clone()), None);
}
