//! Lists of names without any heading: one a line, or with commas or semicolons between.

use std::net::IpAddr;

use super::{Form, MOST_NAMES, Reader, Stated, event::address, lines::Line};
use crate::policy::Server;

/// What a list of names without a heading is a list of.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ListMeans {
    /// Of the allowed names, as the registry editor shows `SrvAllowedServerNames`.
    #[default]
    Allowed,
    /// Of the server's own names and addresses.
    Own,
}

pub(super) fn read(lines: &[Line<'_>], means: ListMeans, reader: &mut Reader) {
    let mut names: Vec<String> = Vec::new();
    let mut addresses: Vec<IpAddr> = Vec::new();
    let (mut first_name, mut first_address) = (None, None);
    for line in lines {
        for item in line.text.split([',', ';']) {
            let item = item.trim().trim_matches(['"', '\'']);
            if item.is_empty() {
                continue;
            }
            if names.len() + addresses.len() >= MOST_NAMES {
                reader.more_than(MOST_NAMES, "names", "none", line.number);
                return take(names, first_name, addresses, first_address, means, reader);
            }
            match address(item) {
                Some(address) if means == ListMeans::Own => {
                    first_address.get_or_insert(line.number);
                    if !Server::LOOPBACK.contains(&address) {
                        addresses.push(address);
                    }
                }
                None if !is_name(item) => {
                    let message = format!(
                        "\"{item:.60}\" is neither a name nor an address, so it was not read."
                    );
                    reader.remark(Some(line.number), message);
                }
                _ => {
                    first_name.get_or_insert(line.number);
                    names.push(item.to_owned());
                }
            }
        }
    }
    take(names, first_name, addresses, first_address, means, reader);
}

fn take(
    names: Vec<String>,
    first_name: Option<usize>,
    addresses: Vec<IpAddr>,
    first_address: Option<usize>,
    means: ListMeans,
    reader: &mut Reader,
) {
    let form = Form::Names;
    let found = &mut reader.found;
    let names = first_name.map(|line| Stated { value: names, line, form });
    match means {
        ListMeans::Allowed => found.allowed = names,
        ListMeans::Own => {
            found.names = names;
            found.addresses = first_address.filter(|_| !addresses.is_empty()).map(|line| Stated {
                value: addresses,
                line,
                form,
            });
        }
    }
}

/// Whether a text can be in a list of names: an address or the name of a host.
#[must_use]
pub fn is_entry(text: &str) -> bool {
    address(text).is_some() || is_name(text)
}

/// Whether a text can be the name of a host. Digits and dots alone are an address that is written wrong.
fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.len() <= 255
        && text.chars().all(is_part)
        && text.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && !text.chars().all(|c| c.is_ascii_digit() || c == '.')
}
