//! The program's answer to input with the right subcommand, the wrong one, or none.

use crate::{
    bin::command_line::run,
    fixtures::{path, text},
};

/// Without a subcommand, what is given is answered as the subcommand would that is for it.
#[test]
fn input_without_a_subcommand_is_recognised() {
    let file = |name: &str| path(name).into_os_string().into_string().unwrap();
    for (name, subcommand) in [
        ("vectors/t1.b64", &["decode"][..]),
        ("cases/24b-netntlmv2-alone.txt", &["decode"]),
        ("captures/tds-freetds.pcapng", &["decode"]),
        ("imports/event-5168.xml", &["decide", "--import"]),
        ("imports/event-5168-german.txt", &["decide", "--import"]),
        ("imports/events.xml", &["decide", "--import"]),
        ("cases/min-32b-masked.txt", &["decode"]),
    ] {
        let file = file(name);
        for form in ["text", "json"] {
            let options = [file.as_str(), "--format", form, "--server-ip", "10.0.0.11"];
            let alone = run(&options, "");
            let asked = run(&[subcommand, &options].concat(), "");
            assert_eq!(alone.stdout, asked.stdout, "{name}");
            assert_eq!((alone.status, alone.stderr), (asked.status, asked.stderr), "{name}");
        }
    }
    let event = text("imports/event-5168.xml");
    let read = run(&["decide", "--import", "-"], &event).stdout;
    let messages = text("vectors/t1.b64");
    for piped in [&["-"][..], &[]] {
        assert_eq!(run(piped, &event).stdout, read, "{piped:?}");
        assert_eq!(run(piped, &messages).stdout, run(&["decode"], &messages).stdout, "{piped:?}");
    }
    // Settings alone ask for nothing: what was read of them is said.
    let settings = run(&[&file("imports/server.reg")], "");
    let said = String::from_utf8([settings.stdout, settings.stderr].concat()).unwrap();
    assert!(said.contains("Level: 1") && said.contains("decide --import"), "{said}");
    assert!(settings.status.success());
    for (arguments, words) in
        [(&[][..], "nothing to read"), (&["nothere"], "nothere is neither a file nor a subcommand")]
    {
        let output = run(arguments, "");
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr).unwrap().contains(words), "{arguments:?}");
    }
}

/// The wrong subcommand names the right one.
#[test]
fn each_subcommand_leads_to_the_other() {
    let file = |name: &str| path(name).into_os_string().into_string().unwrap();
    for (arguments, name, words, code) in [
        (&["decode"][..], "imports/event-5168.xml", "To read it: spnscope decide --import ", 1),
        (&["decode"], "imports/event-551-german.txt", "an event of a server", 1),
        (&["decode"], "imports/server.reg", "settings of a server", 1),
        (&["decide", "--import"], "vectors/t1-authenticate.b64", "spnscope decode ", 2),
        (&["decide", "--import"], "cases/24b-netntlmv2-alone.txt", "this is a sign-in", 2),
        (&["decide", "--import"], "captures/tds-freetds.pcapng", "this is a sign-in", 2),
    ] {
        let file = file(name);
        let output = run(&[arguments, &[&file]].concat(), "");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(words), "{name}: {said}");
        assert_eq!(output.status.code(), Some(code), "{name}");
    }
    for nothing in ["vectors/t1.b64", "cases/min-32b-masked.txt"] {
        let output = run(&["decode", &file(nothing)], "");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains("decide --import"), "{nothing}: {said}");
    }
}
