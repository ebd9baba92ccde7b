//! Other ways to write an address or a name, whose comparison is not documented.
//!
//! An IPv6 address that is only longer is compared as an address; every other spelling is taken not
//! to match. Both are assumed, and what speaks against it is said.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The usual spelling of `host`, where it is written in another one: with a dot at the end, in
/// brackets, with a zone, as an IPv6 name, as an IPv4 address within an IPv6 one, or as an IPv4
/// address in fewer parts or with other digits. An IPv6 address that is only longer than it need be
/// is none of these: it is compared as an address.
///
/// Spec: RFC 4291, 2.5.5.2 for IPv4 within IPv6; RFC 4007, 11 for zones; POSIX `inet_addr` for
/// IPv4.
pub(super) fn usual(host: &str) -> Option<String> {
    if let Ok(address) = host.parse::<IpAddr>() {
        let IpAddr::V6(address) = address else { return None };
        return address.to_ipv4_mapped().map(|address| address.to_string());
    }
    let lower = host.to_ascii_lowercase();
    if let Some(label) = lower.strip_suffix(".ipv6-literal.net") {
        let text = label.replace('-', ":").replace('s', "%");
        return Some(without_zone(&text).map_or(text, |address| address.to_string()));
    }
    if let Some((inner, _)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let plain = inner.parse::<Ipv4Addr>().ok().map(IpAddr::from);
        return Some(plain.or_else(|| without_zone(inner).map(IpAddr::from))?.to_string());
    }
    if let Some(address) = without_zone(host) {
        return Some(address.to_string());
    }
    match host.strip_suffix('.') {
        Some("") | None => number(host).map(|address| address.to_string()),
        Some(name) => Some(name.to_owned()),
    }
}

/// An IPv6 address without what follows its `%`.
fn without_zone(text: &str) -> Option<Ipv6Addr> {
    text.split('%').next()?.parse().ok()
}

/// An IPv4 address in one to four parts, each decimal, octal (`0`) or hexadecimal (`0x`); the last
/// one fills what is left.
fn number(text: &str) -> Option<Ipv4Addr> {
    let parts: Vec<_> = text.split('.').map(part).collect::<Option<_>>()?;
    let (last, others) = parts.split_last()?;
    if others.len() > 3 {
        return None;
    }
    let mut bytes = [0; 4];
    for (byte, part) in bytes.iter_mut().zip(others) {
        *byte = u8::try_from(*part).ok()?;
    }
    let head = u32::from_be_bytes(bytes);
    let free = 32_u32.checked_sub(u32::try_from(others.len()).ok()?.checked_mul(8)?)?;
    let fits = free == 32 || last.checked_shr(free) == Some(0);
    fits.then(|| Ipv4Addr::from(head | last))
}

fn part(text: &str) -> Option<u32> {
    let is_plain = |digits: &str| !digits.starts_with(['+', '-']);
    let lower = text.to_ascii_lowercase();
    let (digits, radix) = match lower.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None if lower.len() > 1 && lower.starts_with('0') => (&*lower, 8),
        None => (&*lower, 10),
    };
    u32::from_str_radix(digits, radix).ok().filter(|_| is_plain(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_spellings_have_their_usual_one() {
        for (host, expected) in [
            ("10.0.0.11", None),
            ("fd00::11", None),
            ("fd00:0:0::0011", None),
            ("dcfr.lab.lan", None),
            ("", None),
            (".", None),
            ("+1", None),
            ("1.2.3.4.5", None),
            ("256.0.0.1", None),
            ("1.256.1", None),
            ("1.16777216", None),
            ("09", None),
            ("[nas]", None),
            ("[10.0.0.11]", Some("10.0.0.11")),
            ("dcfr.lab.lan.", Some("dcfr.lab.lan")),
            ("[fd00::11]", Some("fd00::11")),
            ("[fd00::11]:445", Some("fd00::11")),
            ("[fe80::1%3]", Some("fe80::1")),
            ("fe80::1%eth0", Some("fe80::1")),
            ("FD00--11.ipv6-literal.net", Some("fd00::11")),
            ("fe80--1s4.ipv6-literal.net", Some("fe80::1")),
            ("::ffff:10.0.0.11", Some("10.0.0.11")),
            ("010.0.0.11", Some("8.0.0.11")),
            ("0xA.0.0.0xb", Some("10.0.0.11")),
            ("10.0.11", Some("10.0.0.11")),
            ("10.11", Some("10.0.0.11")),
            ("167772171", Some("10.0.0.11")),
            ("0x0a00000b", Some("10.0.0.11")),
            ("10.0.0.11.", Some("10.0.0.11")),
        ] {
            assert_eq!(usual(host).as_deref(), expected, "{host}");
        }
    }
}
