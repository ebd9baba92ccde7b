//! The server side as administrators have it: what is read is told without hidden characters, can
//! be kept, and comes out again of the event that a server with those lists would write.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spnscope::base::visible::is_hidden;
use spnscope::judge::{
    events::events,
    imports::Import,
    smb::{
        Carrier, Checked, EventId, Evidence, Level, MicEvidence, ProofEvidence, Server,
        ServerNames, ServerSettings, Target, decide,
    },
};
use spnscope::message::ntlm::{ResponseKind, SignInNames};
use spnscope::read::config::BareListKind;
use spnscope::show::report::render_imported_text;

fuzz_target!(|bytes: &[u8]| {
    for list in [BareListKind::Allowed, BareListKind::Own] {
        let found = Import::read(bytes, list);
        let lines = String::from_utf8_lossy(bytes).matches(['\n', '\r']).count() + 1;
        // In UTF-16 a line end need not be found so.
        let most = lines.max(bytes.len());
        assert!(
            found.stated.remarks.iter().all(|remark| remark.line.is_none_or(|line| line <= most))
        );
        let told = render_imported_text(&found);
        assert!(!told.chars().any(|letter| letter != '\n' && is_hidden(letter)), "{told:?}");

        let mut settings = ServerSettings::default();
        found.apply(&mut settings);
        let mut again = settings.clone();
        found.apply(&mut again);
        assert_eq!(again, settings, "to take it over twice is to take it over once");
        comes_out_of_an_event(&settings);
    }
});

fn comes_out_of_an_event(settings: &ServerSettings) {
    let lists = [&settings.names, &settings.domains, &settings.allowed];
    let is_plain = |name: &String| {
        let plain = |letter: u8| letter.is_ascii_alphanumeric() || b".-_".contains(&letter);
        name.bytes().all(plain) && name.bytes().any(|letter| letter.is_ascii_alphabetic())
    };
    // A name that is none can stand for the list of another, or for none.
    if settings.names.is_empty() || !lists.iter().all(|list| list.iter().all(is_plain)) {
        return;
    }
    let evidence = Evidence {
        target: Target::Present("cifs/a-name-of-nobody.invalid".into()),
        carrier: Carrier::Ntlm(ResponseKind::Ntlmv2),
        proof: ProofEvidence::Response(Checked::Not),
        mic: MicEvidence::NotAnnounced,
        time_stamp: None,
        smb: None,
        has_errors: false,
    };
    let settings = ServerSettings { audit_file_share: true, ..settings.clone() };
    let server = Server::new(&settings, &ServerNames::default());
    let require = decide(&evidence, &server).at(Level::RequiredFromClient);
    assert_eq!(require.level, Level::RequiredFromClient);
    let written = events(&SignInNames::default(), &evidence, &server, &require).written;
    let Some(event) = written.iter().find(|event| event.id == EventId::SpnCheckFailed) else {
        return;
    };
    let read = Import::read(event.to_xml().as_bytes(), BareListKind::Allowed);
    let names = read.stated.names.expect("the names").value;
    assert_eq!(names, server.server_names());
    assert_eq!(read.stated.allowed.expect("the allowed names").value, settings.allowed);
}
