//! What a dissection says that was printed below a token of which it left most out.

/// The longest name that is taken for one, in bytes.
const LONGEST: usize = 255;

/// How far below the token is looked, in bytes.
const FARTHEST: usize = 16 * 1024;

/// The target name that the text behind `from` states as Wireshark prints it, before its next
/// packet.
pub(super) fn target_name(text: &str, from: usize) -> Option<&str> {
    let below = text.get(from..)?;
    let below = below.get(..below.floor_char_boundary(FARTHEST))?;
    let packet = below.lines().take_while(|line| !line.starts_with("Frame "));
    let names = packet.filter_map(|line| Some(line.split_once("Target Name: ")?.1.trim()));
    // Of a CHALLENGE it is the name of a domain, without a service.
    let is_name = |name: &&str| {
        name.contains('/') && name.len() <= LONGEST && !name.contains(char::is_whitespace)
    };
    names.into_iter().find(is_name)
}

#[cfg(test)]
mod tests {
    use super::target_name;

    #[test]
    fn the_name_is_the_one_below_the_token_in_the_same_packet() {
        let attribute = "token\n    Attribute: Target Name: cifs/10.0.0.100\n";
        assert_eq!(target_name(attribute, 5), Some("cifs/10.0.0.100"));
        assert_eq!(target_name(attribute, attribute.len()), None);
        for other in [
            "    Target Name: LAB\n",
            "    Target Name: a sentence with and/or in it\n",
            "Frame 14: 642 bytes\n    Attribute: Target Name: cifs/10.0.0.100\n",
        ] {
            assert_eq!(target_name(other, 0), None, "{other}");
        }
    }
}
