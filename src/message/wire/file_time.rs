//! Times are converted by our own code: a captured time may be beyond the year 9999, where date
//! libraries end.

use std::fmt;

/// A `FILETIME`: 100-nanosecond ticks since 1601-01-01 00:00 UTC.
///
/// Written as RFC 3339 in UTC. The conversion is our own because a captured value may be beyond the
/// year 9999, where date libraries end: the last tick of 64 bits is in the year 60056.
///
/// Spec: [MS-DTYP] 2.3.3.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct FileTime(pub u64);

const TICKS_PER_SECOND: u64 = 10_000_000;
const SECONDS_PER_DAY: u64 = 86_400;

impl FileTime {
    /// The ticks of a second.
    pub const SECOND: u64 = TICKS_PER_SECOND;

    /// Reads a time in UTC of the years 1601 to 9999 as it is written here, without fractions of a
    /// second: `2026-03-02T09:00:00Z`.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let mut date = date.split('-');
        let [year, month, day] = [4, 2, 2].map(|digits| number(date.next(), digits));
        let mut time = time.split(':');
        let [hour, minute, second] = [2, 2, 2].map(|digits| number(time.next(), digits));
        if date.next().is_some() || time.next().is_some() {
            return None;
        }
        let (year, month, day) = (year?.checked_sub(1601)?, month?, day?);
        let leap_days = year / 4 - year / 100 + year / 400;
        let year_days = year * 365 + leap_days;
        let month_days: u64 = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            .into_iter()
            .take(usize::try_from(month.checked_sub(1)?).ok()?)
            .sum();
        let is_leap =
            (year + 1601) % 4 == 0 && ((year + 1601) % 100 != 0 || (year + 1601) % 400 == 0);
        let days = year_days + month_days + u64::from(is_leap && month > 2) + day.checked_sub(1)?;
        let seconds = days * SECONDS_PER_DAY + hour? * 3600 + minute? * 60 + second?;
        let found = Self(seconds * TICKS_PER_SECOND);
        // A day or an hour that there is not would be another one.
        (found.to_string() == text).then_some(found)
    }

    /// Whole seconds between the two, whichever is earlier.
    #[must_use]
    pub const fn seconds_between(self, other: Self) -> u64 {
        self.0.abs_diff(other.0) / TICKS_PER_SECOND
    }
}

impl fmt::Display for FileTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0 / TICKS_PER_SECOND;
        let (mut year, mut day) = (1601, seconds / SECONDS_PER_DAY);
        // 400 years of the Gregorian calendar have 146,097 days, and 1601 begins such a cycle.
        year += day / 146_097 * 400;
        day %= 146_097;
        let century = (day / 36_524).min(3);
        day -= century * 36_524;
        let leap_cycle = day / 1_461;
        day -= leap_cycle * 1_461;
        let year_of_cycle = (day / 365).min(3);
        day -= year_of_cycle * 365;
        year += century * 100 + leap_cycle * 4 + year_of_cycle;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let mut month = 1;
        for length in [31, 28 + u64::from(leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
            if day < length {
                break;
            }
            day -= length;
            month += 1;
        }
        let second = seconds % SECONDS_PER_DAY;
        write!(f, "{year:04}")?;
        // Digit by digit: so many numbers with leading zeros take several times as long to format.
        let mut text = *b"-00-00T00:00:00.0000000";
        for (last, number, digits) in [
            (2, month, 2),
            (5, day + 1, 2),
            (8, second / 3600, 2),
            (11, second / 60 % 60, 2),
            (14, second % 60, 2),
            (22, self.0 % TICKS_PER_SECOND, 7),
        ] {
            let places = text.iter_mut().take(last + 1).rev().take(digits);
            places.fold(number, |rest, place| {
                *place = b'0' + (rest % 10) as u8;
                rest / 10
            });
        }
        let text = str::from_utf8(&text).unwrap_or_default();
        let text = text.trim_end_matches('0').trim_end_matches('.');
        f.write_str(text)?;
        f.write_str("Z")
    }
}

/// The number that so many digits stand for.
fn number(text: Option<&str>, digits: usize) -> Option<u64> {
    let text =
        text.filter(|text| text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit()))?;
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn known_times_are_written_as_rfc_3339() {
        for (ticks, text) in [
            (0,                       "1601-01-01T00:00:00Z"),
            (1,                       "1601-01-01T00:00:00.0000001Z"),
            (116_444_736_000_000_000, "1970-01-01T00:00:00Z"),
            (0x01c3_34b7_36d3_9000,   "2003-06-17T10:00:00Z"),
            (125_962_560_000_000_000, "2000-02-29T00:00:00Z"),
            (0x01dd_7a1d_d4ff_a37a,   "2026-11-22T01:07:23.714649Z"),
            (u64::MAX,                "60056-05-28T05:36:10.9551615Z"),
        ] {
            assert_eq!(FileTime(ticks).to_string(), text);
            let whole = ticks % TICKS_PER_SECOND == 0;
            assert_eq!(FileTime::from_text(text), whole.then_some(FileTime(ticks)));
        }
        for text in [
            "",
            "2026-03-02",
            "2026-03-02T09:00:00",
            "2026-02-29T09:00:00Z",
            "2026-13-01T09:00:00Z",
            "2026-00-01T09:00:00Z",
            "2026-03-00T09:00:00Z",
            "2026-03-02T24:00:00Z",
            "2026-03-02T09:00:00:00Z",
            "1600-12-31T23:59:59Z",
            "+026-03-02T09:00:00Z",
        ] {
            assert_eq!(FileTime::from_text(text), None, "{text}");
        }
    }
}
