//! Conversations in the protocols that carry sign-ins, with the turns that no capture of the lab takes.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use spnscope::message::wire::NtStatus;
use spnscope::read::{
    capture::TcpFlags,
    stream::{Attempt, Protocol, Status, StreamFindingCode, Streams},
};

use crate::{
    fixtures::text,
    read::capture_streams::{Part, found},
};

/// The sides of a conversation.
#[derive(Clone, Copy)]
enum By {
    Client,
    Server,
}
use By::{Client, Server};

/// What two sides say to each other, each time in one segment that acknowledges all before it.
struct Conversation {
    parts: Vec<Part>,
    sent: [u32; 2],
}

impl Conversation {
    fn new() -> Self {
        let mut new = Self { parts: Vec::new(), sent: [0x1000, 0xFFFF_FFF0] };
        for by in [Client, Server] {
            new.parts.push(Part {
                flags: TcpFlags { syn: true, ..TcpFlags::default() },
                ..new.part(by, &[])
            });
            new.sent[by as usize] = new.sent[by as usize].wrapping_add(1);
        }
        new.parts[0].acknowledged = None;
        new
    }

    fn part(&self, by: By, payload: &[u8]) -> Part {
        let ends = [([10, 0, 0, 1], 50_000).into(), ([10, 0, 0, 2], 4711).into()];
        let (own, other) = (by as usize, 1 - by as usize);
        Part {
            from: ends[own],
            to: ends[other],
            sequence: self.sent[own],
            acknowledged: Some(self.sent[other]),
            flags: TcpFlags::default(),
            payload: payload.to_vec(),
        }
    }

    fn says(mut self, by: By, bytes: impl AsRef<[u8]>) -> Self {
        self.parts.push(self.part(by, bytes.as_ref()));
        self.loses(by, bytes.as_ref().len())
    }

    /// So many segments that bytes missing of the other side are no longer waited for.
    fn says_often(mut self, by: By, bytes: &str) -> Self {
        for _ in 0..9 {
            self = self.says(by, bytes);
        }
        self
    }

    /// A sign-in to a server of HTTP, which lets it in.
    fn signs_in_by_http(self) -> Self {
        self.says(Client, asks("GET / HTTP/1.1", 1))
            .says(Server, challenges("Content-Length: 0\r\n\r\n"))
            .says(Client, asks("GET / HTTP/1.1", 3))
            .says(Server, DONE)
    }

    /// Bytes that were sent, and are not in the capture.
    fn loses(mut self, by: By, len: usize) -> Self {
        self.sent[by as usize] = self.sent[by as usize].wrapping_add(u32::try_from(len).unwrap());
        self
    }

    fn read(&self) -> (Vec<Attempt>, Streams) {
        let (sign_ins, streams) = found(&self.parts);
        assert!(sign_ins.iter().all(|one| one.connection.client == self.parts[0].from));
        (sign_ins.into_iter().map(|sign_in| sign_in.attempt).collect(), streams)
    }

    /// The sign-ins, each as its protocol, the numbers of those of the three messages that are whole,
    /// and its status.
    fn heard(&self) -> Vec<(Protocol, Vec<u8>, Option<Status>)> {
        let known = tokens();
        let row = |attempt: Attempt| {
            let found = [&attempt.negotiate, &attempt.challenge, &attempt.authenticate];
            let whole =
                (1..).zip(found.into_iter().zip(&known)).filter_map(|(number, (token, known))| {
                    (token.as_ref()?.found.content.bytes() == known).then_some(number)
                });
            (attempt.protocol, whole.collect(), attempt.answer.map(|answer| answer.status))
        };
        self.read().0.into_iter().map(row).collect()
    }
}

/// The three messages of a sign-in.
fn tokens() -> [Vec<u8>; 3] {
    let text = text("vectors/t1.b64");
    let all: Vec<_> = text.lines().map(|line| STANDARD.decode(line).unwrap()).collect();
    all.try_into().unwrap()
}

const ALL: [u8; 3] = [1, 2, 3];

/// A header of HTTP with the message of that number.
fn header(name: &str, number: usize) -> String {
    format!("{name}: NTLM {}\r\n", STANDARD.encode(&tokens()[number - 1]))
}

fn asks(line: &str, number: usize) -> String {
    format!("{line}\r\nHost: a\r\n{}\r\n", header("Authorization", number))
}

/// A challenge of a server, with the rest of its headers and its body.
fn challenges(rest: &str) -> String {
    format!("HTTP/1.1 401 Unauthorized\r\n{}{rest}", header("WWW-Authenticate", 2))
}

const DONE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// An answer that is none, as it stands in a body.
const DECOY: &str = "HTTP/1.1 500 No\r\n\r\n";

#[test]
fn bodies_of_http_are_passed_over_by_what_says_their_length() {
    let len = DECOY.len();
    let bodies = [
        ("no body", "GET / HTTP/1.1", "Content-Length: 0\r\n\r\n".to_owned()),
        ("a length", "GET / HTTP/1.1", format!("content-length: {len}\r\n\r\n{DECOY}")),
        (
            "chunks",
            "GET / HTTP/1.1",
            format!(
                "Transfer-Encoding: gzip, Chunked\r\n\r\n{len:X};x=1\r\n{DECOY}\r\n0\r\nLast: 1\r\n\r\n"
            ),
        ),
        (
            "the answer to HEAD has none",
            "HEAD / HTTP/1.1",
            "Content-Length: 999\r\n\r\n".to_owned(),
        ),
        (
            "not modified has none",
            "GET / HTTP/1.1",
            "Content-Length: 0\r\n\r\nHTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n".to_owned(),
        ),
    ];
    for (name, line, rest) in bodies {
        let whole = Conversation::new()
            .says(Client, asks(line, 1))
            .says(Server, challenges(&rest))
            .says(Client, asks("GET / HTTP/1.1", 3))
            .says(Server, format!("HTTP/1.1 100 Go on\r\n\r\n{DONE}"));
        assert_eq!(
            whole.heard(),
            [(Protocol::Http, ALL.to_vec(), Some(Status::Http(200)))],
            "{name}"
        );
    }
}

#[test]
fn a_request_has_a_body_too_and_lost_bytes_of_one_are_counted() {
    for lost in [0, 7, 40] {
        let whole = Conversation::new()
            .says(Client, asks("GET / HTTP/1.1", 1))
            .says(Server, challenges("Content-Length: 60\r\n\r\n0123456789"))
            .loses(Server, lost)
            .says(Server, &DECOY.repeat(3)[..50 - lost])
            .says(
                Client,
                format!(
                    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n{}\r\n40\r\n",
                    header("authorization", 3)
                ),
            )
            .says(Client, "GET / HTTP/1.1\r\n\r\n")
            .loses(Client, 0x40 - 18)
            .says(Client, "\r\n0\r\n\r\n")
            .says(Server, "HTTP/1.1 403 No\r\n\r\neverything up to the end")
            .says(Server, DONE);
        assert_eq!(
            whole.heard(),
            [(Protocol::Http, ALL.to_vec(), Some(Status::Http(403)))],
            "{lost} lost"
        );
    }
}

#[test]
fn what_is_no_http_is_passed_over_up_to_the_next_message() {
    let long = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: 1\r\n".repeat(9000));
    let faults = [
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 two OK\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "\r\n\r\nnothing of the kind\r\n",
        "lower / HTTP/1.1\r\n\r\n",
        "GET /\r\n\r\n",
        &long,
    ];
    for fault in faults {
        let whole = Conversation::new()
            .says(Client, "GET / HTTP/1.1\r\n\r\n")
            .says(Server, DONE)
            .says(Server, fault)
            .says(Server, "more of it")
            .signs_in_by_http();
        let [(protocol, messages, _)] = &whole.heard()[..] else {
            panic!("{fault}: {:?}", whole.heard())
        };
        assert_eq!((*protocol, &messages[..]), (Protocol::Http, &ALL[..]), "{fault}");
    }
}

#[test]
fn headers_that_are_missing_lose_their_message_and_no_more() {
    let whole = Conversation::new()
        .says(Client, asks("GET / HTTP/1.1", 1))
        .says(Server, "HTTP/1.1 401 Unauthorized\r\nWWW-Auth")
        .loses(Server, 100)
        .says(Server, "zz\r\nContent-Length: 0\r\n\r\n")
        .says(Client, asks("GET / HTTP/1.1", 3))
        .says(Server, DONE);
    assert_eq!(whole.heard(), [(Protocol::Http, vec![1, 3], Some(Status::Http(200)))]);
}

#[test]
fn a_proxy_asks_for_a_sign_in_of_its_own_and_a_tunnel_begins_anew() {
    let connect =
        |number| format!("CONNECT a:80 HTTP/1.1\r\n{}\r\n", header("Proxy-Authorization", number));
    let asked = format!(
        "HTTP/1.1 407 Proxy\r\nContent-Length: 0\r\n{}\r\n",
        header("Proxy-Authenticate", 2)
    );
    let through = |status: &str| {
        Conversation::new()
            .says(Client, connect(1))
            .says(Server, &asked)
            .says(Client, connect(3))
            .says(Server, format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"))
            .signs_in_by_http()
    };
    let at_server = (Protocol::Http, ALL.to_vec(), Some(Status::Http(200)));
    for (status, number) in [("200 Connected", 200), ("407 No", 407)] {
        let at_proxy = (Protocol::HttpProxy, ALL.to_vec(), Some(Status::Http(number)));
        assert_eq!(through(status).heard(), [at_proxy, at_server.clone()], "{status}");
    }
    // The server behind the proxy asks for a sign-in: that says nothing of the proxy.
    let both = Conversation::new()
        .says(Client, connect(1).replace("CONNECT a:80", "GET http://a/"))
        .says(Server, &asked)
        .says(Client, connect(3).replace("CONNECT a:80", "GET http://a/"))
        .says(Server, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(both.heard(), [(Protocol::HttpProxy, ALL.to_vec(), None)]);
}

#[test]
fn more_requests_than_are_remembered_do_no_harm() {
    let mut many = Conversation::new();
    for _ in 0..200 {
        many = many.says(Client, "HEAD / HTTP/1.1\r\n\r\n");
    }
    many = many.signs_in_by_http();
    assert_eq!(many.heard(), [(Protocol::Http, ALL.to_vec(), Some(Status::Http(200)))]);
}

#[derive(Clone, Copy, Debug)]
enum Order {
    Little,
    Big,
}

/// A message of DCE/RPC with that body, and the token of a security context behind it.
fn rpc(order: Order, kind: u8, body: &[u8], token: Option<(u32, &[u8])>) -> Vec<u8> {
    let number = |number: usize| {
        let number = u16::try_from(number).unwrap();
        match order {
            Order::Little => number.to_le_bytes(),
            Order::Big => number.to_be_bytes(),
        }
    };
    let auth = token.map_or(Vec::new(), |(context, token)| {
        [&[10, 6, 0, 0][..], &context.to_le_bytes(), token].concat()
    });
    let first = match order {
        Order::Little => 0x10,
        Order::Big => 0,
    };
    let lens =
        [number(16 + body.len() + auth.len()), number(token.map_or(0, |(_, token)| token.len()))];
    [&[5, 0, kind, 3, first, 0, 0, 0][..], &lens.concat(), &[1, 0, 0, 0], body, &auth].concat()
}

const BIND: u8 = 11;
const BIND_ACK: u8 = 12;
const ALTER_CONTEXT: u8 = 14;
const AUTH3: u8 = 16;

#[test]
fn each_answer_of_rpc_has_its_status_in_either_byte_order() {
    let [one, two, three] = tokens();
    for order in [Order::Little, Order::Big] {
        let five = match order {
            Order::Little => 5_u32.to_le_bytes(),
            Order::Big => 5_u32.to_be_bytes(),
        };
        let fault = [&[0; 8][..], &five, &[0; 4]].concat();
        let answers = [
            ("a response", rpc(order, 2, &[0; 8], None), Some(0)),
            ("a fault", rpc(order, 3, &fault, None), Some(5)),
            ("a fault without its status", rpc(order, 3, &[], None), Some(u32::MAX)),
            ("no binding", rpc(order, 13, &[0; 4], None), Some(u32::MAX)),
            ("a changed context", rpc(order, 15, &[0; 12], None), Some(0)),
            ("a request of the server", rpc(order, 0, &[0; 8], None), None),
        ];
        for (name, answer, status) in answers {
            for kind in [AUTH3, ALTER_CONTEXT] {
                let whole = Conversation::new()
                    .says(Client, rpc(order, BIND, &[0; 12], Some((7, &one))))
                    .says(Server, rpc(order, BIND_ACK, &[0; 12], Some((7, &two))))
                    .says(Client, rpc(order, kind, &[0; 4], Some((7, &three))))
                    .says(Client, rpc(order, 0, &[0; 40], None))
                    .says(Server, &answer);
                let expected = (Protocol::Rpc, ALL.to_vec(), status.map(Status::Rpc));
                assert_eq!(whole.heard(), [expected], "{name}, {order:?}");
            }
        }
    }
}

#[test]
fn contexts_of_one_connection_are_kept_apart_and_the_oldest_goes_first() {
    let [one, two, three] = tokens();
    let token =
        |kind, context, token: &[u8]| rpc(Order::Little, kind, &[0; 12], Some((context, token)));
    let mut whole = Conversation::new();
    for context in 0..20 {
        whole = whole
            .says(Client, token(ALTER_CONTEXT, context, &one))
            .says(Server, token(BIND_ACK, context, &two));
        if context < 4 {
            whole = whole.says(Client, token(AUTH3, context, &three));
        }
    }
    for context in 4..20 {
        whole = whole.says(Client, token(AUTH3, context, &three));
    }
    let whole = whole.says(Server, rpc(Order::Little, 2, &[0; 8], None));
    let heard = whole.heard();
    let (unanswered, answered) = heard.split_at(4);
    assert_eq!(
        unanswered,
        vec![(Protocol::Rpc, ALL.to_vec(), None); 4],
        "no room was left for these"
    );
    assert_eq!(answered, vec![(Protocol::Rpc, ALL.to_vec(), Some(Status::Rpc(0))); 16]);
}

#[test]
fn missing_bytes_of_rpc_lose_their_message_and_no_more() {
    let [one, two, three] = tokens();
    let bind = rpc(Order::Little, BIND, &[0; 12], Some((7, &one)));
    let whole = Conversation::new()
        .says(Client, &bind[..20])
        .loses(Client, bind.len() - 20 + 300)
        .says(Server, rpc(Order::Little, BIND_ACK, &[0; 12], Some((7, &two))))
        .says(Client, "no message")
        .says_often(Server, "no message")
        .says(Client, rpc(Order::Little, AUTH3, &[0; 4], Some((7, &three))))
        .says(Server, rpc(Order::Little, 2, &[0; 8], None));
    assert_eq!(whole.heard(), [(Protocol::Rpc, vec![2, 3], Some(Status::Rpc(0)))]);
}

const SESSION_SETUP: u8 = 0x73;
const TREE_CONNECT: u8 = 0x75;
const TRANSACTION: u8 = 0x25;
const READ: u8 = 0x2E;
const WRITE: u8 = 0x2F;
const UNICODE: u16 = 0x8000;

/// A message of SMB1 behind its length.
struct Smb1 {
    command: u8,
    status: NtStatus,
    flags2: u16,
    user: u16,
    multiplex: u16,
}

impl Smb1 {
    const fn new(command: u8, multiplex: u16) -> Self {
        Self { command, status: NtStatus::SUCCESS, flags2: 0, user: 0, multiplex }
    }

    fn write(&self, by: By, words: &[u16], bytes: &[u8]) -> Vec<u8> {
        let mut message = [b"\xFFSMB", &[self.command][..], &self.status.0.to_le_bytes()].concat();
        message.push(if matches!(by, Server) { 0x80 } else { 0 });
        message.extend(self.flags2.to_le_bytes());
        message.resize(28, 0);
        message.extend(self.user.to_le_bytes());
        message.extend(self.multiplex.to_le_bytes());
        message.extend(block(words, bytes));
        let len = u32::try_from(message.len()).unwrap().to_be_bytes();
        [&len[..], &message].concat()
    }
}

/// The words and the bytes of a message.
fn block(words: &[u16], bytes: &[u8]) -> Vec<u8> {
    let number = u16::try_from(bytes.len()).unwrap();
    let words = words.iter().chain([&number]).flat_map(|word| word.to_le_bytes());
    let count = u8::try_from(words.clone().count() / 2 - 1).unwrap();
    [count].into_iter().chain(words).chain(bytes.iter().copied()).collect()
}

const NOTHING_FOLLOWS: u16 = 0xFF;

/// The words of a request to set up a session with that token.
fn request_words(token: &[u8]) -> [u16; 12] {
    let mut words = [0; 12];
    words[0] = NOTHING_FOLLOWS;
    words[7] = u16::try_from(token.len()).unwrap();
    words
}

/// The words of the answer with that token.
fn response_words(token: &[u8]) -> [u16; 4] {
    [NOTHING_FOLLOWS, 0, 0, u16::try_from(token.len()).unwrap()]
}

const MORE: NtStatus = NtStatus::MORE_PROCESSING_REQUIRED;

/// A client that signs in with extended security, up to its AUTHENTICATE.
fn signs_in() -> Conversation {
    let [one, two, three] = tokens();
    let set_up = |multiplex| Smb1 { user: 9, ..Smb1::new(SESSION_SETUP, multiplex) };
    Conversation::new()
        .says(Client, Smb1::new(SESSION_SETUP, 1).write(Client, &request_words(&one), &one))
        .says(Server, Smb1 { status: MORE, ..set_up(1) }.write(Server, &response_words(&two), &two))
        .says(Client, set_up(2).write(Client, &request_words(&three), &three))
}

#[test]
fn smb1_lets_in_refuses_and_says_who_is_a_guest() {
    let rows = [
        ("in", NtStatus::SUCCESS, 0, false),
        ("in as guest", NtStatus::SUCCESS, 1, true),
        ("in with LM", NtStatus::SUCCESS, 2, false),
        ("refused", NtStatus::ACCESS_DENIED, 1, false),
    ];
    for (name, status, action, is_guest) in rows {
        let answer = Smb1 { status, user: 9, ..Smb1::new(SESSION_SETUP, 2) };
        let tree = Smb1 { user: 9, ..Smb1::new(TREE_CONNECT, 3) };
        let whole = signs_in()
            .says(Server, answer.write(Server, &[NOTHING_FOLLOWS, 0, action], &[]))
            .says(Client, tree.write(Client, &[NOTHING_FOLLOWS, 0, 0, 1], b"\0\\\\DCFR\\share\0"));
        assert_eq!(
            whole.heard(),
            [(Protocol::Smb1, ALL.to_vec(), Some(Status::Nt(status)))],
            "{name}"
        );
        let (attempts, _) = whole.read();
        assert_eq!(attempts[0].answer.map(|answer| answer.is_guest), Some(is_guest), "{name}");
        let is_in = status == NtStatus::SUCCESS;
        assert_eq!(attempts[0].tree.as_deref(), is_in.then_some(r"\\DCFR\share"), "{name}");
    }
}

#[test]
fn smb1_without_extended_security_has_names_in_either_encoding_and_a_tree_behind_them() {
    for (flags2, user) in [(0, "Jim"), (UNICODE, "Jörg")] {
        let string = |text: &str| -> Vec<u8> {
            let text = format!("{text}\0");
            if flags2 == UNICODE {
                text.encode_utf16().flat_map(u16::to_le_bytes).collect()
            } else {
                text.into_bytes()
            }
        };
        // Strings in UTF-16 begin at an even offset.
        let padding = |at: usize| vec![0; if flags2 == UNICODE { at % 2 } else { 0 }];
        let bytes_at = 32 + 1 + 2 * 13 + 2;
        let mut bytes = vec![0xAA; 24 + 24];
        bytes.extend(padding(bytes_at + bytes.len()));
        bytes.extend([user, "LAB", "Unix", "Samba"].into_iter().flat_map(string));
        let count = u16::try_from(bytes.len()).unwrap();
        // The tree follows in the same message, behind a password of one byte.
        let follows = bytes_at + bytes.len();
        let path_at = follows + 1 + 2 * 4 + 2 + 1;
        let tree = [vec![0], padding(path_at), string(r"\\DCFR\ipc$")].concat();
        bytes.extend(block(&[NOTHING_FOLLOWS, 0, 0, 1], &tree));
        let mut words = [0; 13];
        (words[0], words[1]) = (TREE_CONNECT.into(), u16::try_from(follows).unwrap());
        (words[7], words[8]) = (24, 24);
        let set_up = Smb1 { flags2, ..Smb1::new(SESSION_SETUP, 1) };
        let mut message = set_up.write(Client, &words, &bytes);
        message[4 + bytes_at - 2..4 + bytes_at].copy_from_slice(&count.to_le_bytes());
        let answer = Smb1 { user: 5, ..Smb1::new(SESSION_SETUP, 1) };
        let whole = Conversation::new()
            .says(Client, message)
            .says(Server, answer.write(Server, &[NOTHING_FOLLOWS, 0, 0], &[]));
        assert_eq!(
            whole.heard(),
            [(Protocol::Smb1, vec![], Some(Status::Nt(NtStatus::SUCCESS)))],
            "{user}"
        );
        let (attempts, _) = whole.read();
        let bare = attempts[0].bare.as_ref().unwrap();
        assert_eq!((&*bare.user, &*bare.domain), (user, "LAB"));
        assert_eq!(attempts[0].tree.as_deref(), Some(r"\\DCFR\ipc$"), "{user}");
    }
}

#[test]
fn a_set_up_of_smb1_that_is_cut_is_said_and_one_too_long_is_not_read() {
    let [one, two, three] = tokens();
    let first = Smb1::new(SESSION_SETUP, 1).write(Client, &request_words(&one), &one);
    let second = Smb1 { user: 9, ..Smb1::new(SESSION_SETUP, 2) }.write(
        Client,
        &request_words(&three),
        &three,
    );
    let refused = Smb1 { status: NtStatus::ACCESS_DENIED, user: 9, ..Smb1::new(SESSION_SETUP, 2) };
    let refused = refused.write(Server, &[], &[]);
    let more = Smb1 { status: MORE, user: 9, ..Smb1::new(SESSION_SETUP, 1) };
    let cut = Conversation::new()
        .says(Client, &first)
        .says(Server, more.write(Server, &response_words(&two), &two))
        .says(Client, &second[..100])
        .loses(Client, second.len() - 100)
        .says(Server, &refused)
        .says(Client, Smb1::new(TREE_CONNECT, 3).write(Client, &[], &[]));
    let (attempts, _) = cut.read();
    assert!(attempts[0].cut.is_some() && attempts[0].authenticate.is_none());
    assert_eq!(
        attempts[0].answer.map(|answer| answer.status),
        Some(Status::Nt(NtStatus::ACCESS_DENIED))
    );

    let mut long = Smb1::new(SESSION_SETUP, 1).write(Client, &request_words(&one), &one);
    long.resize(4 + 70_000, 0);
    long[1..4].copy_from_slice(&70_000_u32.to_be_bytes()[1..]);
    let mut whole = Conversation::new();
    for piece in long.chunks(1400) {
        whole = whole.says(Client, piece);
    }
    let (_, streams) = whole.read();
    let codes: Vec<_> = streams.remarks().findings().iter().map(|found| found.code).collect();
    assert_eq!(codes, [StreamFindingCode::MessageTooLong]);
}

#[test]
fn rpc_signs_in_through_pipes_of_smb1() {
    let [one, two, three] = tokens();
    // Each command has another word for the offset of the data.
    let through = |command, by, message: &[u8], padding: usize| {
        let (count, at) = match (command, by) {
            (TRANSACTION, Client) => (14, 12),
            (TRANSACTION, Server) => (10, 7),
            (WRITE, Client) => (14, 11),
            (READ, Server) => (12, 6),
            _ => unreachable!("nothing goes that way"),
        };
        let mut words = vec![0; count];
        words[at] = u16::try_from(32 + 1 + 2 * count + 2 + padding).unwrap();
        let bytes = [&vec![0; padding][..], message].concat();
        Smb1 { user: 9, ..Smb1::new(command, 7) }.write(by, &words, &bytes)
    };
    let bind = |kind, token: &[u8]| rpc(Order::Little, kind, &[0; 12], Some((7, token)));
    let answers = [
        // It may be that of another pipe.
        ("a response", rpc(Order::Little, 2, &[0; 8], None), None),
        (
            "a fault",
            rpc(Order::Little, 3, &[[0; 8], [5, 0, 0, 0, 0, 0, 0, 0]].concat(), None),
            Some(5),
        ),
    ];
    for (client, server) in [(TRANSACTION, TRANSACTION), (WRITE, READ)] {
        for (padding, (name, answer, status)) in
            [0, 1, 64].into_iter().flat_map(|padding| answers.iter().map(move |row| (padding, row)))
        {
            let messages = [
                (Client, through(client, Client, &bind(BIND, &one), padding)),
                (Server, through(server, Server, &bind(BIND_ACK, &two), padding)),
                (Client, through(client, Client, &bind(AUTH3, &three), padding)),
                (Client, through(client, Client, b"\x05\0\0\x03 a request", padding)),
                (Server, through(server, Server, b"no message", padding)),
                (Server, through(server, Server, answer, padding)),
            ];
            // Whole, and byte by byte.
            for size in [usize::MAX, 1] {
                let mut whole = Conversation::new();
                for (by, message) in &messages {
                    for piece in message.chunks(size) {
                        whole = whole.says(*by, piece);
                    }
                }
                let expected = (Protocol::RpcInPipe, ALL.to_vec(), status.map(Status::Rpc));
                assert_eq!(whole.heard(), [expected], "{name}, {client:#x} {padding} {size}");
            }
        }
    }
}
