//! The target name in a dissection that was printed below a shortened token.

/// The longest target name, in bytes.
const MAX_NAME_LEN: usize = 255;

/// The most bytes below the token that are searched.
const MAX_DISTANCE: usize = 16 * 1024;

/// The target name in the text behind `from`, as Wireshark prints it, before the next packet.
pub(super) fn target_name(text: &str, from: usize) -> Option<&str> {
    let below = text.get(from..)?;
    let below = below.get(..below.floor_char_boundary(MAX_DISTANCE))?;
    let packet = below.lines().take_while(|line| !line.starts_with("Frame "));
    let names = packet.filter_map(|line| Some(line.split_once("Target Name: ")?.1.trim()));
    // In a CHALLENGE it is the name of a domain, without a service.
    let is_name = |name: &&str| {
        name.contains('/') && name.len() <= MAX_NAME_LEN && !name.contains(char::is_whitespace)
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
