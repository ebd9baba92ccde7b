//! One side of a sign-in, a message at a time, for `peers.py`: what it prints is handed to other
//! software, and what that answers is handed back. A program of the tests, and no part of the
//! library.
//!
//! ```text peer negotiate KIND USER DOMAIN PASSWORD            prints a NEGOTIATE peer challenge
//! NEGOTIATE                            prints a CHALLENGE peer answer KIND USER DOMAIN PASSWORD
//! NEGOTIATE CHALLENGE                                                     prints an AUTHENTICATE
//! and the session key in hex ```
//!
//! Messages are in base64. KIND is a kind of client, as `spnscope relay --help` lists them.

use std::{env, process::ExitCode};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use spnscope::judge::proof::Secret;
use spnscope::lab::exchange::{Client, ClientKind, ClientRandom, Server};
use spnscope::message::{field::hex, ntlm::write::Version, wire::FileTime};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(lines) => {
            println!("{lines}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("peer: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<String, String> {
    let words = |error: spnscope::lab::exchange::ExchangeError| error.to_string();
    match *arguments {
        ["negotiate", kind, user, domain, password] => {
            let secret = Secret::from_password(password);
            let client = client(kind, user, domain, &secret)?;
            Ok(STANDARD.encode(client.negotiate().map_err(words)?))
        }
        ["challenge", negotiate] => {
            Ok(STANDARD.encode(server().challenge(&decode(negotiate)?).map_err(words)?))
        }
        ["answer", kind, user, domain, password, negotiate, challenge] => {
            let secret = Secret::from_password(password);
            let client = client(kind, user, domain, &secret)?;
            let answer = client.answer(&decode(negotiate)?, &decode(challenge)?).map_err(words)?;
            let key = hex(&answer.keys.exported_session_key);
            Ok(format!("{}\n{key}", STANDARD.encode(answer.authenticate)))
        }
        _ => Err("what to do? See the head of tests/tools/peer.rs.".to_owned()),
    }
}

fn decode(base64: &str) -> Result<Vec<u8>, String> {
    STANDARD.decode(base64).map_err(|error| error.to_string())
}

fn client<'s>(
    kind: &str,
    user: &str,
    domain: &str,
    secret: &'s Secret,
) -> Result<Client<'s>, String> {
    let found = ClientKind::ALL.into_iter().find(|known| known.as_str() == kind);
    Ok(Client {
        kind: found.ok_or_else(|| format!("no kind of client is called {kind}"))?,
        user: user.to_owned(),
        domain: domain.to_owned(),
        workstation: "CLIENT20".to_owned(),
        secret,
        service: "cifs".to_owned(),
        host: "dcfr.lab.lan".to_owned(),
        flags: Client::SMB,
        version: Some(Version::windows(10, 0, 26_100)),
        channel_bindings: Some([0; 16]),
        time: FileTime(134_169_156_000_000_000),
        random: ClientRandom {
            client_challenge: *b"\x1b\xad\xca\xfe\x00\xff\x80\x7f",
            session_key: *b"\xf0\xe1\xd2\xc3\xb4\xa5\x96\x87\x78\x69\x5a\x4b\x3c\x2d\x1e\x0f",
            machine_id: Some([0x77; 32]),
        },
    })
}

fn server() -> Server {
    Server {
        netbios_name: "DCFR".to_owned(),
        netbios_domain: "LAB".to_owned(),
        dns_name: "dcfr.lab.lan".to_owned(),
        dns_domain: "lab.lan".to_owned(),
        time: Some(FileTime(134_169_156_000_000_000)),
        version: Some(Version::windows(10, 0, 26_100)),
        server_challenge: *b"\x0b\xad\xf0\x0d\x00\xff\x80\x7f",
    }
}
