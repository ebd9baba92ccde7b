//! A table of connections, in which the longest silent one is found at once.
//!
//! The memory of all connections is bounded together; the longest silent one goes first. Hash keys
//! are fixed, so that a file always gives the same rows; colliding keys are bounded by the size of
//! the table.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, DefaultHasher},
    net::SocketAddr,
};

/// The two ends of a connection, the lower first.
pub(super) type ConnectionKey = (SocketAddr, SocketAddr);

/// Connections by their ends, in the order of their last packets.
#[derive(Debug)]
pub(super) struct Table<T> {
    /// The slot of each connection.
    places: HashMap<ConnectionKey, usize, BuildHasherDefault<DefaultHasher>>,
    slots: Vec<Slot<T>>,
    free: Vec<usize>,
    /// The slots of the longest silent connection and of the one that spoke last.
    ends: Option<(usize, usize)>,
    /// The connection that was touched last, which most often is the next one too.
    last: Option<(ConnectionKey, usize)>,
}

#[derive(Debug)]
struct Slot<T> {
    key: ConnectionKey,
    touched: i64,
    before: Option<usize>,
    behind: Option<usize>,
    item: Option<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            places: HashMap::default(),
            slots: Vec::new(),
            free: Vec::new(),
            ends: None,
            last: None,
        }
    }
}

impl<T> Table<T> {
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn has(&self, key: &ConnectionKey) -> bool {
        self.last.is_some_and(|(last, _)| last == *key) || self.places.contains_key(key)
    }

    /// The connection with these ends, made by `new` if it is not there; its time is set to `now`.
    /// Always `Some`.
    pub(super) fn touch(
        &mut self,
        key: ConnectionKey,
        now: i64,
        new: impl FnOnce() -> T,
    ) -> Option<&mut T> {
        let known = match self.last {
            Some((last, at)) if last == key => Some(at),
            _ => self.places.get(&key).copied(),
        };
        let at = known.unwrap_or_else(|| {
            let at = self.free.pop().unwrap_or(self.slots.len());
            self.places.insert(key, at);
            at
        });
        if known.is_some() {
            self.unlink(at);
        }
        let before = self.ends.map(|(_, last)| last);
        if at == self.slots.len() {
            self.slots.push(Slot { key, touched: now, before, behind: None, item: None });
        }
        if let Some(slot) = before.and_then(|before| self.slots.get_mut(before)) {
            slot.behind = Some(at);
        }
        self.ends = Some((self.ends.map_or(at, |(first, _)| first), at));
        self.last = Some((key, at));
        let slot = self.slots.get_mut(at)?;
        slot.key = key;
        slot.touched = now;
        slot.before = before;
        slot.behind = None;
        Some(slot.item.get_or_insert_with(new))
    }

    /// Removes the longest silent connection, if its last packet is older than `time`.
    pub(super) fn take_older_than(&mut self, time: i64) -> Option<T> {
        let (first, _) = self.ends?;
        self.slots.get(first).filter(|slot| slot.touched < time)?;
        self.take_oldest()
    }

    /// Removes the longest silent connection.
    pub(super) fn take_oldest(&mut self) -> Option<T> {
        let (first, _) = self.ends?;
        self.unlink(first);
        let slot = self.slots.get_mut(first)?;
        self.places.remove(&slot.key);
        self.free.push(first);
        self.last = self.last.filter(|(_, at)| *at != first);
        slot.item.take()
    }

    /// Takes a slot out of its order.
    fn unlink(&mut self, at: usize) {
        let Some(slot) = self.slots.get(at) else { return };
        let (before, behind) = (slot.before, slot.behind);
        if let Some(slot) = before.and_then(|before| self.slots.get_mut(before)) {
            slot.behind = behind;
        }
        if let Some(slot) = behind.and_then(|behind| self.slots.get_mut(behind)) {
            slot.before = before;
        }
        self.ends = self.ends.and_then(|(first, last)| {
            let first = if first == at { behind } else { Some(first) };
            let last = if last == at { before } else { Some(last) };
            first.zip(last)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(port: u16) -> ConnectionKey {
        let address = |port| SocketAddr::from(([10, 0, 0, 1], port));
        (address(1), address(port))
    }

    #[test]
    fn the_longest_silent_one_goes_first() {
        let mut table = Table::default();
        for (now, port) in [(0, 2), (1, 3), (2, 4), (3, 2), (4, 4), (4, 4)] {
            *table.touch(key(port), now, || 0).unwrap() += 1;
        }
        assert_eq!(table.len(), 3);
        assert_eq!(table.take_older_than(1), None);
        assert_eq!(table.take_older_than(2), Some(1), "port 3");
        assert!(!table.has(&key(3)));
        assert_eq!(table.touch(key(5), 5, || 7), Some(&mut 7), "in the free place");
        assert_eq!(table.slots.len(), 3);
        let rest: Vec<_> = std::iter::from_fn(|| table.take_oldest()).collect();
        assert_eq!(rest, [2, 3, 7]);
        assert_eq!((table.len(), table.ends, table.last), (0, None, None));
    }
}
