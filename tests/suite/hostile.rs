//! The pieces of pastes and carriers that were made to take long or much.

/// The pieces that a paste repeats.
pub(crate) const REPEATED: &[&str] = &[
    "\"",
    "'",
    "`",
    "%",
    "=",
    "/",
    "\\",
    "\n",
    ">\n",
    "A",
    "4e",
    "1 ",
    "1:2 ",
    "a1023000\n",
    "6e023000\n",
    "a1073005a0030a0100\n",
    "4e544c4d5353500001000000078208a2000000000000000000000000000000000a0063450000000f\n",
    "78,",
    "-1,",
    "é",
    "0x",
    "0x4e,",
    "4e ",
    "4e /*",
    "4e //",
    "4e #",
    "3\n#",
    "AUTH NT&LM=\u{fffd}9\u{fffd}33\n#",
    "%41",
    "a%41",
    "%2541",
    "\\u0041",
    "\\n",
    "a\\x00",
    "\"a\" ",
    "\"\\",
    "\\\"",
    "'\\n\"",
    "\"\\n12345678901\"",
    "\"\\\n",
    "T ",
    "TlRM ",
    "TlRM",
    "TlRM\n",
    "oYIB ",
    "oYIB\n",
    "oYT///// ",
    "NTLMSSP\\x00",
    "NTLMSSP%00",
    "YEgGBisGAQUFAqA+MDygDjAMBgorBgEEAYI3AgIKoioEKE5UTE1TU1AA ",
    "oYT///////////////////////9OVExNU1NQAAAA\n",
    "TlRMTVNTUAADAAAAGAAYAP//AADUANQA x ",
    "5TlRMTVNTUAABAAAA ",
    "e4 4  445cl 54 53 5TlRMTVNTUAABAAAA ",
    "\"TlRMTVNTUAADAAAAGAAYAP//AADUANQA\", ",
    "Authorization: ",
    "Authorization: NTLM x\n",
    "WWW-Authenticate: a, ",
    "WWW-Authenticate: Negotiate, NTLM ",
    "WWW-Authenticate: NTLM a/",
    "AUTH NTLM\n",
    "AUTH NTLM ",
    "WWW-Authenticate: a=\"",
    "Authorization: NTLM ",
    "0000 <",
    "0000`",
    "[000] ",
    "0x0000: 0x",
    "TlRMTVNT=\n",
    "AUTH NTLM\n+ A\n",
    "a AUTHENTICATE NTLM A\n",
    "AUTH NTLM\nA\nA\nA\nA\nA\nA\nA\nA\nA\nA\nA\nA\nA\nA\nA\nA\n",
    "\"a\"\"\\n\"",
    "\\U0001f600",
    "0000 00\n0001 00\n",
    "0000 4e 54 4c 4d 53 53 50 00\n",
    "0000 00 00 00 00\n\n",
    "4e 54 4c 4d 53 53 50 00  NTLMSSP.\n",
    " \n",
    "00000000\n",
    "0000 00 00 00 00\n",
    "00000000  4e 54 4c 4d |NTLM|\n",
    "0000 \n*\n",
    "a1 4e 54 4c 4d 53 53 50 00 ",
    "4e 54 4c 4d 53 53 50 00 01 00 00 00\n",
    "4e 54 4c 4d 53 53 50 00 x\n",
    "11 4e 54 4c 4d 53 53 50 00 x\n",
    "4e 54 4c 4d 53 53 50 00 ...\n",
    "4e 54 4c 4d 53 53 50 00 (x)\n",
    "4e (x\n",
    "4e x\n",
    "4e 5\n4 ",
    "4e544c4d535350000\n",
    "x 4e 54 4c 4d 53 53 50 00\n",
    "10:00:00 4e 54 4c 4d 53 53 50 00\n",
    "10:00:00 ",
    "x TlRMTVNTUAADAAAA\n",
    "x TlRMTVNTUAADAAAA\ny\n",
    "TlRMTVNTUAADAAAA<br>",
    "TlRMTVNTUAADAAAA\u{200b}",
    "<br>",
    "<a",
    "&nbsp;",
    "\u{200b}",
    "NTLMSSP 0x00 ",
    "N T L M S S P 0x00 ",
    "NTLMSSP<00>",
    "NTLMSSP^@",
    "NTLMSSP=00=\n",
    "0000000   N  \\0\n",
    "0000000 N \\0 001\n*\n",
    "   N  \\0   N  \\0   N  \\0   N  \\0\n",
    "0000 4e 54 4c 4d\n53 53 50 00\n",
    "0000 0000 x ",
    "0000:4e ",
    "4E54 4C4D 5353 5000  NTLMSSP.\n",
    "::",
    "a::b:",
    "a::b:1122334455667788:",
    "a::b:1122334455667788:00112233445566778899aabbccddeeff:0101000000000000",
    "a::b:1122334455667788:00112233445566778899aabbccddeeff:0101000000000000\n",
    "a::b:1122334455667788:00112233445566778899aabbccddeeff:\n0101\n",
    "<redacted> NTLM ",
    " more items",
];

/// The beginnings of carriers, by name.
#[rustfmt::skip]
pub(crate) fn carriers() -> Vec<(&'static str, Vec<u8>)> {
    let smb2 = [&b"\xfeSMB\x40\0"[..], &[0; 58]].concat();
    let chained = { let mut header = smb2.clone(); header[20] = 64; header };
    let setup = { let mut header = smb2.clone(); header[12] = 1; header.extend([25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 88, 0, 0xff, 0xff]); header };
    let spnego = [0x60, 0x80, 6, 6, 0x2b, 6, 1, 5, 5, 2];
    vec![
        ("SMB2 identifiers",        b"\xfeSMB".to_vec()),
        ("SMB2 headers",            smb2.clone()),
        ("chained SMB2 headers",    chained),
        ("session setups",          setup.clone()),
        ("SMB1 identifiers",        b"\xffSMB".to_vec()),
        ("SMB1 session setups",     [&b"\xffSMB\x73"[..], &[0; 27], &[12, 0xff]].concat()),
        ("transport headers",       b"\0\x0f\xff\xff\xfeSMB".to_vec()),
        ("framed SMB2 in SMB2",     [&b"\0\x00\xff\xff"[..], &smb2].concat()),
        ("encrypted",               b"\xfdSMB".to_vec()),
        ("open applications",       vec![0x60, 0x80]),
        ("open SPNEGO",             spnego.to_vec()),
        ("open SPNEGO choices",     [&spnego[..], &[0xa0, 0x80, 0x30, 0x80]].concat()),
        ("open responses",          vec![0xa1, 0x80, 0x30, 0x80, 0xa0, 2, 5, 0]),
        ("open responses in a row", vec![0xa1, 0x80, 0x30, 0x80, 0xa2, 0x80, 0x24, 0x80]),
        ("empty responses",         vec![0xa1, 4, 0x30, 2, 0xa0, 0]),
        ("open sequences",          vec![0x30, 0x80]),
        ("strings cut",             vec![0x04, 0x82, 0xff, 0xff]),
        ("signatures",              b"NTLMSSP\0".to_vec()),
        ("signatures of a type",    b"NTLMSSP\0\x05\0\0\0x".to_vec()),
        ("responses with messages", [&[0xa1, 0x80, 0x30, 0x80, 0xa2, 0x80, 0x04, 12][..], b"NTLMSSP\0\x01\0\0\0"].concat()),
        ("nested responses",        [&[0xa1, 0x80, 0x30, 0x80, 0xa2, 0x80, 0x24, 0x80][..], b"NTLMSSP\0\x01\0\0\0"].concat()),
        ("open AP-REQ",             vec![0x6e, 0x80, 0x30, 0x80, 0xa0, 0x80]),
        ("messages in a packet",    [&setup[..], &b"NTLMSSP\0\x01\0\0\0".repeat(2_000)].concat()),
        ("LDAP messages",           [&[0x30, 27, 2, 1, 1, 0x60, 22, 2, 1, 3, 4, 0, 0x8b, 12][..], b"NTLMSSP\0\x01\0\0\0", &[0, 0, 0]].concat()),
        ("cut LDAP messages",       [&[0x30, 0x84, 0, 0x30, 0, 0, 2, 1, 1, 0x61, 0x84, 0, 0x30, 0, 0, 0x0a, 1, 14, 4, 0, 4, 0, 0x87, 0x84, 0, 0x30, 0, 0][..], b"NTLMSSP\0"].concat()),
        ("TDS packets",             [&[0x11, 1, 0xff, 0xff, 0, 0, 1, 0][..], b"NTLMSSP\0"].concat()),
        ("TDS packets of responses", [&[0x11, 1, 0, 24, 0, 0, 1, 0][..], &[0xa1, 0x80, 0x30, 0x80, 0xa2, 0x80, 0x24, 0x80]].concat()),
        ("DCE/RPC PDUs",            [&[5, 0, 16, 3, 16, 0, 0, 0, 40, 0, 16, 0, 0, 0, 0, 0, 10, 6, 0, 0, 0, 0, 0, 0][..], b"NTLMSSP\0\x01\0\0\0\0\0\0\0"].concat()),
        ("zeros",                   vec![0]),
    ]
}

/// Messages that hold as many odd things as they can, by name.
#[rustfmt::skip]
pub(crate) fn messages() -> Vec<(&'static str, Vec<u8>)> {
    let unknown = [0xff, 0xff, 0, 0].repeat(1_024);
    let response = |pairs: &[u8]| authenticate(&[&[7; 16][..], &[1, 1], &[0; 26], pairs].concat(), &[1]);
    vec![
        ("the shortest",               b"NTLMSSP\0\x01\0\0\0".to_vec()),
        ("of no type",                 b"NTLMSSP\0\xff\xff\xff\xff".to_vec()),
        ("unknown pairs",              challenge(&unknown)),
        ("a few unknown pairs",        challenge(&unknown[..400])),
        ("a field of unknown pairs",   challenge(&[0xff, 0xff, 0, 0].repeat(16_000))),
        ("pairs of one id",            challenge(&[1, 0, 0, 0].repeat(1_024))),
        ("pairs of odd sizes",         challenge(&[7, 0, 1, 0, 0].repeat(800))),
        ("pairs of half surrogates",   challenge(&[1, 0, 2, 0, 0, 0xd8].repeat(680))),
        ("a response of pairs",        response(&unknown)),
        ("a response of a few pairs",  response(&unknown[..400])),
        ("fields at one place",        authenticate(&[0; 4_000], &[0, 1, 2, 3, 4, 5])),
        ("names of half surrogates",   authenticate(&[0, 0xd8].repeat(2_000), &[2, 3, 4])),
        ("long names",                 response(&[&[9, 0, 0x80, 0x3e][..], &b"x\0".repeat(8_000)].concat())),
        ("names in a CHALLENGE",       challenge(&[&[1, 0, 0xd0, 7][..], &b"x\0".repeat(1_000), &[3, 0, 0xd0, 7], &b"y\0".repeat(1_000)].concat())),
        ("fields of nothing",          authenticate(&[], &[0, 1, 2, 3, 4, 5])),
    ]
}

/// A CHALLENGE with these AV pairs.
fn challenge(pairs: &[u8]) -> Vec<u8> {
    let len = u16::try_from(pairs.len()).unwrap().to_le_bytes();
    let mut message = [b"NTLMSSP\0\x02\0\0\0", &[0; 44][..], pairs].concat();
    // TargetInfo.
    message[40..44].copy_from_slice(&[len, len].concat());
    message[44] = 56;
    message
}

/// An AUTHENTICATE, in which the payload fields with these numbers cover the whole of `payload`.
fn authenticate(payload: &[u8], fields: &[usize]) -> Vec<u8> {
    let len = u16::try_from(payload.len()).unwrap().to_le_bytes();
    let mut message = [b"NTLMSSP\0\x03\0\0\0", &[0; 76][..], payload].concat();
    message[60] = 1;
    for field in fields {
        let at = 12 + 8 * field;
        message[at..at + 4].copy_from_slice(&[len, len].concat());
        message[at + 4] = 88;
    }
    message
}
