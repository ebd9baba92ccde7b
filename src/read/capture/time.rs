//! The time of a packet, in whatever resolution a file counts it. There is no clock here.

use std::fmt;

use crate::message::wire::FileTime;

/// The time at which a packet was captured: seconds since 1970-01-01 00:00 UTC, and nanoseconds.
///
/// Its text is RFC 3339 in UTC, with as many digits of the second as it has.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Time {
    /// Whole seconds.
    pub seconds: i64,
    /// The rest, below 1,000,000,000.
    pub nanoseconds: u32,
}

/// Seconds from 1601, where a `FILETIME` begins, to 1970.
const SECONDS_TO_1970: i64 = 11_644_473_600;

/// The last second that a `FILETIME` has.
const MAX_SECOND: i64 = (u64::MAX / 10_000_000).cast_signed();

impl Time {
    /// The time that is `ticks` of `per_second` after 1970 and `offset` seconds.
    #[must_use]
    pub fn from_ticks(ticks: u64, per_second: u64, offset: i64) -> Self {
        let per_second = per_second.max(1);
        let seconds = i64::try_from(ticks / per_second).unwrap_or(i64::MAX);
        let rest = u128::from(ticks % per_second) * 1_000_000_000 / u128::from(per_second);
        Self {
            seconds: seconds.saturating_add(offset),
            nanoseconds: u32::try_from(rest).unwrap_or_default(),
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.seconds.saturating_add(SECONDS_TO_1970).clamp(0, MAX_SECOND);
        let whole = FileTime(seconds.unsigned_abs() * 10_000_000).to_string();
        f.write_str(whole.trim_end_matches('Z'))?;
        if self.nanoseconds > 0 {
            let digits = format!("{:09}", self.nanoseconds);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_resolution_gives_the_same_time() {
        let text = "2026-11-22T10:00:00.5Z";
        let seconds = 1_795_341_600;
        for (ticks, per_second, offset) in [
            (seconds * 1_000_000 + 500_000, 1_000_000, 0),
            (seconds * 1_000_000_000 + 500_000_000, 1_000_000_000, 0),
            (seconds * 2 + 1, 2, 0),
            (1_000_001, 2, 1_795_341_600 - 500_000),
        ] {
            assert_eq!(Time::from_ticks(ticks, per_second, offset).to_string(), text);
        }
    }

    #[test]
    fn times_outside_the_calendar_are_written_too() {
        for time in [i64::MIN, -1, 0, i64::MAX] {
            let time = Time { seconds: time, nanoseconds: 1 };
            assert!(time.to_string().ends_with(".000000001Z"), "{time}");
        }
        assert_eq!(Time::from_ticks(u64::MAX, 0, i64::MAX).seconds, i64::MAX);
    }
}
