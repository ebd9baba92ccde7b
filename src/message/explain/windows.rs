//! The releases of Windows by their builds.

/// The releases of Windows by the first three numbers of `Version`, oldest first: client first
/// where client and server share a build.
///
/// Source: [MS-NLMP] 2.2.2.10 for the versions up to 6.3; Microsoft Learn, "Windows 10 release
/// information", "Windows 11 release information" and "Windows Server release information" for the
/// builds.
#[rustfmt::skip]
const RELEASES: &[(u8, u8, u16, &str)] = &[
    (5,  0,  2195, "Windows 2000"),
    (5,  1,  2600, "Windows XP"),
    (5,  2,  3790, "Windows Server 2003 or XP x64"),
    (6,  0,  6000, "Windows Vista"),
    (6,  0,  6001, "Windows Vista SP1 or Server 2008"),
    (6,  0,  6002, "Windows Vista SP2 or Server 2008 SP2"),
    (6,  0,  6003, "Windows Server 2008 SP2"),
    (6,  1,  7600, "Windows 7 or Server 2008 R2"),
    (6,  1,  7601, "Windows 7 SP1 or Server 2008 R2 SP1"),
    (6,  2,  9200, "Windows 8 or Server 2012"),
    (6,  3,  9600, "Windows 8.1 or Server 2012 R2"),
    (10, 0, 10240, "Windows 10 1507"),
    (10, 0, 10586, "Windows 10 1511"),
    (10, 0, 14393, "Windows 10 1607 or Server 2016"),
    (10, 0, 15063, "Windows 10 1703"),
    (10, 0, 16299, "Windows 10 1709"),
    (10, 0, 17134, "Windows 10 1803"),
    (10, 0, 17763, "Windows 10 1809 or Server 2019"),
    (10, 0, 18362, "Windows 10 1903"),
    (10, 0, 18363, "Windows 10 1909"),
    (10, 0, 19041, "Windows 10 2004"),
    (10, 0, 19042, "Windows 10 20H2"),
    (10, 0, 19043, "Windows 10 21H1"),
    (10, 0, 19044, "Windows 10 21H2"),
    (10, 0, 19045, "Windows 10 22H2"),
    (10, 0, 20348, "Windows Server 2022"),
    (10, 0, 22000, "Windows 11 21H2"),
    (10, 0, 22621, "Windows 11 22H2"),
    (10, 0, 22631, "Windows 11 23H2"),
    (10, 0, 25398, "Windows Server 23H2"),
    (10, 0, 26100, "Windows 11 24H2 or Server 2025"),
    (10, 0, 26200, "Windows 11 25H2"),
];

/// The release of Windows that a `Version` stands for, where it is one that was released; otherwise
/// what is known of it. `None` where nothing is.
///
/// The sender of a message chooses these numbers: other software than Windows sends some of them
/// too.
#[must_use]
pub fn windows(major: u8, minor: u8, build: u16) -> Option<&'static str> {
    let same = |(known_major, known_minor, known_build, _): &&(u8, u8, u16, &str)| {
        (*known_major, *known_minor, *known_build) == (major, minor, build)
    };
    if let Some((.., name)) = RELEASES.iter().find(same) {
        return Some(name);
    }
    Some(match (major, minor, build) {
        (6, 1 | 2, 0) => "not Windows (Samba sends this version)",
        (0, 0, 0) => return None,
        (10, 0, 22001..) => "Windows 11 or Server, a build not in the table",
        (10, 0, 10240..) => "Windows 10 or Server, a build not in the table",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_have_names() {
        assert_eq!(windows(10, 0, 20348), Some("Windows Server 2022"));
        assert_eq!(windows(6, 1, 7600), Some("Windows 7 or Server 2008 R2"));
        assert!(windows(10, 0, 22625).is_some_and(|name| name.contains("not in the table")));
        assert!(windows(6, 1, 0).is_some_and(|name| name.contains("Samba")));
        assert_eq!(windows(3, 51, 1), None);
    }

    #[test]
    fn the_table_is_in_order_and_names_each_build_once() {
        assert!(RELEASES.is_sorted_by(|a, b| (a.0, a.1, a.2) < (b.0, b.1, b.2)));
    }
}
