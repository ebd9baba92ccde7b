//! The kind of a draft: by the event's number and its provider, else by the fields that it has.

use super::{Draft, Field, Names};
use crate::read::published_events::{Provider, definition, versions};

/// The kind of a draft.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::read::config) enum Kind {
    /// The event with that number, of those that are known here.
    Event(u16),
    /// An event of another kind.
    Other,
    /// No event, as far as it shows.
    Nothing,
}

impl Draft {
    /// The number that it states.
    pub(in crate::read::config) fn id(&self) -> Option<u16> {
        number(&self.get(Field::Id)?.text)
    }

    /// Gives the values alone their names, where the number of the event is known.
    pub(in crate::read::config) fn complete(&mut self) {
        let Some(id) = self.id().filter(|_| !self.inserts.is_empty()) else { return };
        let version = self.get(Field::Version).and_then(|version| version.text.parse().ok());
        let count = self.inserts.len();
        // Each version of an event has another number of fields. Of a cut one the version may be
        // stated.
        let by_count = versions(id).find(|definition| definition.fields.len() == count);
        let stated = || definition(id, version.unwrap_or_default());
        if let Some(definition) = by_count.or_else(stated) {
            self.name_inserts(definition.fields);
        }
    }

    /// The kind of event.
    pub(in crate::read::config) fn kind(&self) -> Kind {
        let Some(id) = self.id() else { return self.kind_by_fields() };
        let Some(definition) = versions(id).next() else {
            // Documents and users have numbers too: only a number that is said to be an event's is
            // one.
            let is_event = self.has(Field::Writer) || self.names == Names::Certain;
            return if is_event { Kind::Other } else { self.kind_by_fields() };
        };
        let mut known = self.all(Field::Writer).filter_map(|writer| Provider::of(&writer.text));
        match known.next() {
            Some(writer) if writer == definition.provider => Kind::Event(id),
            Some(_) => Kind::Other,
            // A log that events are gathered in says nothing of who wrote them, but the fields may.
            None if self.has(Field::Writer) => match self.kind_by_fields() {
                Kind::Event(known) if known == id => Kind::Event(id),
                _ => Kind::Other,
            },
            None if self.has_a_field_of(id) => Kind::Event(id),
            None if self.names == Names::Certain && id == 5168 => Kind::Event(id),
            None if self.names == Names::Certain => Kind::Other,
            None => Kind::Nothing,
        }
    }

    fn has_a_field_of(&self, id: u16) -> bool {
        let names = versions(id).flat_map(|definition| definition.fields);
        let mut telling =
            names.filter_map(|name| Field::of(name)).filter(|field| field.is_telling());
        telling.any(|field| self.has(field))
    }

    fn kind_by_fields(&self) -> Kind {
        let has = |field| self.has(field);
        let has_list = |field| self.get(field).is_some_and(|written| written.text.contains(';'));
        let is_refusal = has(Field::SpnName) && has(Field::ErrorCode);
        let is_server = has(Field::ServerNames)
            && (has(Field::SpnName)
                || has(Field::ConfiguredNames)
                || has(Field::IpAddresses)
                || has_list(Field::ServerNames));
        let is_certain = self.names == Names::Certain;
        let is_of_session = has(Field::Spn)
            || has(Field::SessionId)
            || has(Field::TranslatedStatus)
            || has(Field::UserName);
        if has(Field::ServiceClassIsValid) || has(Field::PrincipalNameIsValid) {
            Kind::Event(3025)
        } else if has(Field::Policy) && is_of_session {
            Kind::Event(551)
        } else if has(Field::Policy) && has(Field::Status) && has(Field::ClientName) {
            Kind::Event(3024)
        } else if is_refusal
            || is_server
            || is_certain && (has(Field::SpnName) || has(Field::ServerNames))
        {
            Kind::Event(5168)
        } else if has(Field::SubStatus) && has(Field::Status) && has(Field::LogonType) {
            Kind::Event(4625)
        } else {
            Kind::Nothing
        }
    }
}

/// The number of an event. Some programs add the high half of another number, or write it with a
/// fraction.
fn number(text: &str) -> Option<u16> {
    let text = text.trim().trim_end_matches(".0");
    text.parse::<u32>().ok().and_then(|number| u16::try_from(number & 0xFFFF).ok())
}
