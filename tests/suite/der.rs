//! Tokens made up for tests, in DER.

/// One element.
pub(crate) fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let len = contents.len();
    let be = u32::try_from(len).unwrap().to_be_bytes();
    let len = match len {
        0..=0x7f => vec![be[3]],
        0x80..=0xff => vec![0x81, be[3]],
        0x100..=0xffff => vec![0x82, be[2], be[3]],
        _ => vec![0x84, be[0], be[1], be[2], be[3]],
    };
    [&[tag], len.as_slice(), contents].concat()
}

/// An object identifier.
pub(crate) fn oid(contents: &[u8]) -> Vec<u8> {
    tlv(0x06, contents)
}

/// A mechanism by a short name.
fn mechanism(name: &str) -> Vec<u8> {
    match name {
        "ntlm" => oid(&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10]),
        "kerberos" => oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2]),
        other => panic!("{other} is not known"),
    }
}

/// A framed `NegTokenInit` with these mechanisms; no mechToken where it is empty.
pub(crate) fn neg_token_init(mechanisms: &[&str], token: &[u8]) -> Vec<u8> {
    let list: Vec<_> = mechanisms.iter().map(|name| mechanism(name)).collect();
    let mut fields = tlv(0xa0, &tlv(0x30, &list.concat()));
    if !token.is_empty() {
        fields.extend(tlv(0xa2, &tlv(0x04, token)));
    }
    let choice = tlv(0xa0, &tlv(0x30, &fields));
    tlv(0x60, &[oid(&[0x2b, 6, 1, 5, 5, 2]), choice].concat())
}

/// A `NegTokenResp`; no responseToken where it is empty.
pub(crate) fn neg_token_resp(state: Option<u8>, token: &[u8]) -> Vec<u8> {
    let mut fields = state.map_or_else(Vec::new, |state| tlv(0xa0, &tlv(0x0a, &[state])));
    if !token.is_empty() {
        fields.extend(tlv(0xa2, &tlv(0x04, token)));
    }
    tlv(0xa1, &tlv(0x30, &fields))
}

/// A token of a mechanism in GSS-API framing.
pub(crate) fn framed(name: &str, token: &[u8]) -> Vec<u8> {
    tlv(0x60, &[mechanism(name), token.to_vec()].concat())
}

/// An AP-REQ of the realm `LAB.LAN` for that service name.
pub(crate) fn ap_req(sname: &[&str]) -> Vec<u8> {
    let number = |tag: u8, value: u8| tlv(tag, &tlv(0x02, &[value]));
    let encrypted = tlv(
        0x30,
        &[number(0xa0, 23), number(0xa1, 2), tlv(0xa2, &tlv(0x04, &[0xee; 40]))].concat(),
    );
    let names: Vec<_> = sname.iter().map(|part| tlv(0x1b, part.as_bytes())).collect();
    let principal = tlv(0x30, &[number(0xa0, 2), tlv(0xa1, &tlv(0x30, &names.concat()))].concat());
    let ticket = [
        number(0xa0, 5),
        tlv(0xa1, &tlv(0x1b, b"LAB.LAN")),
        tlv(0xa2, &principal),
        tlv(0xa3, &encrypted),
    ];
    let fields = [
        number(0xa0, 5),
        number(0xa1, 14),
        tlv(0xa2, &tlv(0x03, &[0, 0x20, 0, 0, 0])),
        tlv(0xa3, &tlv(0x61, &tlv(0x30, &ticket.concat()))),
        tlv(0xa4, &encrypted),
    ];
    tlv(0x6e, &tlv(0x30, &fields.concat()))
}
