//! The report of one message: its layers, facts, fields and findings.

use serde::{Serialize, Serializer, ser::SerializeSeq as _};

use crate::analysis::{Analysis, MessagePlace};
use crate::base::{
    finding::{Finding, Severity},
    span::{Source, Span},
};
use crate::message::{
    content::Content,
    explain,
    field::{FieldPath, Value, hex},
    kerberos::ApReq,
    missing::Missing,
    ntlm::{
        Authenticate, AvPair, Body, Challenge, Message, PayloadField, ResponseKind, ResponseLine,
        TargetName,
    },
    wire::AvId,
};
use crate::read::layer::{Fact, Layer};

#[derive(Debug, Serialize)]
pub(super) struct TokenReport<'a> {
    layers: Vec<&'static str>,
    trail: Vec<LayerReport<'a>>,
    places: Vec<PlaceReport>,
    hex: Shown<'a>,
    message: &'static str,
    missing: Option<MissingReport>,
    facts: Facts<'a>,
    fields: FieldReports<'a>,
    findings: Vec<FindingReport<'a>>,
}

/// The place of the message in the input, in bytes, and the encoding there.
#[derive(Debug, Serialize)]
struct PlaceReport {
    start: usize,
    end: usize,
    reading: &'static str,
}

/// The extent of a message that the paste ends inside of: `have` bytes `of` so many, `null` if its
/// header is cut.
#[derive(Debug, Serialize)]
struct MissingReport {
    have: usize,
    of: Option<usize>,
}

/// A layer with its place in the buffer outside it, and what it says.
#[derive(Debug, Serialize)]
struct LayerReport<'a> {
    layer: &'static str,
    label: String,
    start: usize,
    end: usize,
    facts: Vec<FactReport<'a>>,
}

#[derive(Debug, Serialize)]
struct FactReport<'a> {
    name: &'static str,
    value: &'a str,
    start: usize,
    end: usize,
}

#[derive(Debug, Default, Serialize)]
struct Facts<'a> {
    target_name: Option<LocatedReport>,
    mic: Option<LocatedReport>,
    user: Option<String>,
    domain: Option<String>,
    workstation: Option<String>,
    response: Option<ResponseKind>,
    flags: Option<Vec<&'static str>>,
    flags_value: Option<String>,
    version: Option<VersionReport>,
    server_challenge: Option<String>,
    /// TargetName of a CHALLENGE.
    challenge_target_name: Option<String>,
    timestamp: Option<String>,
    av_pairs: Option<Vec<AvPairReport<'a>>>,
    kerberos: Option<KerberosReport>,
}

/// The facts in an AP-REQ besides the target name. Encryption types without a name are numbers in
/// text.
#[derive(Debug, Serialize)]
struct KerberosReport {
    realm: Option<String>,
    sname: Option<String>,
    ticket_etype: Option<String>,
    ticket_kvno: Option<i64>,
    authenticator_etype: Option<String>,
    ap_options: Option<Vec<&'static str>>,
}

#[derive(Debug, Serialize)]
struct LocatedReport {
    state: &'static str,
    value: Option<String>,
    start: Option<usize>,
    end: Option<usize>,
}

#[derive(Debug, Serialize)]
struct VersionReport {
    major: u8,
    minor: u8,
    build: u16,
    revision: u8,
    /// The release that the numbers stand for.
    windows: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct AvPairReport<'a> {
    id: u16,
    name: Option<&'static str>,
    value: Shown<'a>,
    start: usize,
    end: usize,
}

/// The fields of a message, depth first. Written as they are walked: a list of them would cost more
/// than the reading of the message.
#[derive(Debug)]
struct FieldReports<'a>(&'a Content);

#[derive(Debug, Serialize)]
struct FieldReport<'p> {
    path: &'p FieldPath,
    start: usize,
    end: usize,
    value: Shown<'p>,
}

impl Serialize for FieldReports<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let mut result = Ok(());
        self.0.field().walk(&mut |path, field, depth| {
            if depth == 0 || result.is_err() {
                return;
            }
            let Span { start, end } = field.span;
            result = list.serialize_element(&FieldReport {
                path,
                start,
                end,
                value: Shown(field.value),
            });
        });
        result?;
        list.end()
    }
}

/// Numbers of up to 32 bits as numbers, everything else as text; `null` for a structure.
#[derive(Debug)]
struct Shown<'m>(Value<'m>);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Structure => serializer.serialize_none(),
            Value::U8(number) => serializer.serialize_u8(number),
            Value::U16(number) => serializer.serialize_u16(number),
            Value::U32(number) => serializer.serialize_u32(number),
            Value::MessageType(kind) => serializer.serialize_u32(kind.0),
            Value::AvId(id) => serializer.serialize_u16(id.0),
            Value::AvFlags(flags) => serializer.serialize_u32(flags.bits()),
            Value::Kerberos(value) => {
                match value.number().and_then(|number| u32::try_from(number).ok()) {
                    Some(number) => serializer.serialize_u32(number),
                    None => serializer.collect_str(&value),
                }
            }
            other => serializer.collect_str(&other),
        }
    }
}

#[derive(Debug, Serialize)]
struct FindingReport<'a> {
    severity: Severity,
    code: &'static str,
    layer: usize,
    start: usize,
    end: usize,
    message: &'a str,
}

/// The report of the token with that index; its response is of the kind `proved`, whatever the
/// bytes alone say.
pub(super) fn token(
    analysis: &Analysis,
    index: usize,
    proved: Option<ResponseKind>,
) -> Option<TokenReport<'_>> {
    let token = analysis.tokens().get(index)?;
    let content = &token.content;
    let mut facts = facts(content);
    facts.response = proved.or(facts.response).filter(|kind| *kind != ResponseKind::CutOff);
    Some(TokenReport {
        layers: token.layers.iter().map(|layer| layer.kind.as_str()).collect(),
        trail: token.layers.iter().map(layer).collect(),
        places: token.places.iter().map(place).collect(),
        hex: Shown(Value::Bytes(content.bytes())),
        message: content.kind(),
        missing: content.missing().map(|Missing { have, of }| MissingReport { have, of }),
        facts,
        fields: FieldReports(content),
        findings: analysis.findings_of(index).map(|(layer, found)| finding(found, layer)).collect(),
    })
}

fn place(place: &MessagePlace) -> PlaceReport {
    let Span { start, end } = place.span;
    PlaceReport { start, end, reading: place.encoding_name() }
}

fn layer(layer: &Layer) -> LayerReport<'_> {
    LayerReport {
        layer: layer.kind.as_str(),
        label: layer.kind.label(),
        start: layer.span.start,
        end: layer.span.end,
        facts: layer.facts.iter().map(fact).collect(),
    }
}

fn fact(fact: &Fact) -> FactReport<'_> {
    let Span { start, end } = fact.span;
    FactReport { name: fact.name, value: &fact.value, start, end }
}

fn finding(finding: &Finding, layer: usize) -> FindingReport<'_> {
    FindingReport {
        severity: finding.severity(),
        code: finding.code.as_str(),
        layer,
        start: finding.span.start,
        end: finding.span.end,
        message: &finding.message,
    }
}

fn facts(content: &Content) -> Facts<'_> {
    let message = match content {
        Content::Ntlm(message) => message,
        Content::Kerberos(message) => return kerberos_facts(message),
        Content::Response(line) => return line_facts(line),
    };
    let source = message.source();
    let flags = message.flags();
    let mut facts = Facts {
        flags: match flags {
            Some(flags) => Some(flags.set_bits().map(|(_, name)| name).collect()),
            None if message.missing.is_some() => None,
            None => Some(Vec::new()),
        },
        flags_value: flags.map(|flags| format!("{:#010x}", flags.bits())),
        version: message.version().map(|version| VersionReport {
            major: version.major,
            minor: version.minor,
            build: version.build,
            revision: version.revision,
            windows: explain::windows(version.major, version.minor, version.build),
        }),
        av_pairs: av_pairs(message),
        ..Facts::default()
    };
    match &message.body {
        Body::Negotiate(negotiate) => {
            let [domain, workstation] = negotiate.names(source);
            facts.domain = domain;
            facts.workstation = workstation;
        }
        Body::Challenge(challenge) => challenge_facts(message, challenge, &mut facts),
        Body::Authenticate(authenticate) => authenticate_facts(message, authenticate, &mut facts),
        Body::Unknown => {}
    }
    facts
}

fn kerberos_facts(message: &ApReq) -> Facts<'_> {
    let realm = message.realm().map(|realm| realm.value);
    let (value, span) = message.sname().map(|name| (name.value, name.span)).unzip();
    let (ticket, authenticator) = (message.ticket(), message.authenticator());
    Facts {
        target_name: Some(LocatedReport {
            state: match value.as_deref() {
                Some("") => "empty",
                Some(_) => "present",
                None if message.missing.is_some() => "cut-off",
                None => "absent",
            },
            value: value.clone(),
            start: span.map(|span| span.start),
            end: span.map(|span| span.end),
        }),
        domain: realm.clone(),
        flags: Some(Vec::new()),
        av_pairs: Some(Vec::new()),
        kerberos: Some(KerberosReport {
            realm,
            sname: value,
            ticket_etype: ticket.encryption(),
            ticket_kvno: ticket.kvno.map(|number| number.value),
            authenticator_etype: authenticator.encryption(),
            ap_options: message.ap_options(),
        }),
        ..Facts::default()
    }
}

/// A NetNTLMv2 line holds neither flags nor a version nor a MIC.
fn line_facts(line: &ResponseLine) -> Facts<'_> {
    Facts {
        target_name: Some(located_name(&line.target_name())),
        user: Some(line.beside.user.clone()),
        domain: Some(line.beside.domain.clone()),
        response: Some(ResponseKind::Ntlmv2),
        server_challenge: Some(hex(&line.beside.server_challenge)),
        timestamp: line.response.time_stamp.map(|time| time.value.to_string()),
        av_pairs: Some(reported_pairs(line.source(), &line.response.av_pairs.pairs, line.missing)),
        ..Facts::default()
    }
}

fn located_name(target: &TargetName) -> LocatedReport {
    LocatedReport {
        state: target.as_str(),
        value: target.text().map(|(text, _)| text.to_owned()),
        start: target.text().map(|(_, span)| span.start),
        end: target.text().map(|(_, span)| span.end),
    }
}

fn challenge_facts(message: &Message, challenge: &Challenge, facts: &mut Facts<'_>) {
    let source = message.source();
    facts.server_challenge = challenge.server_challenge.map(|span| hex(source.slice(span)));
    facts.challenge_target_name = challenge.target_name_text(source);
    facts.timestamp = challenge.target_info.timestamp(source).map(|time| time.to_string());
}

fn authenticate_facts(message: &Message, authenticate: &Authenticate, facts: &mut Facts<'_>) {
    let source = message.source();
    facts.target_name = Some(located_name(&authenticate.target_name(source)));
    let mic = authenticate.mic_state(source);
    facts.mic = Some(LocatedReport {
        state: mic.as_str(),
        value: mic.span().map(|span| hex(source.slice(span))),
        start: mic.span().map(|span| span.start),
        end: mic.span().map(|span| span.end),
    });
    let names = authenticate.names(source);
    facts.domain = names.domain;
    facts.user = names.user;
    facts.workstation = names.workstation;
    facts.response = Some(authenticate.response_kind);
    facts.timestamp = authenticate
        .ntlmv2
        .as_ref()
        .and_then(|response| response.time_stamp)
        .map(|time| time.value.to_string());
}

/// The pairs that are there as a whole, where the paste ends among them; `None` where it ends
/// before them.
fn av_pairs(message: &Message) -> Option<Vec<AvPairReport<'_>>> {
    let source = message.source();
    let pairs = message.av_pairs().map_or(&[][..], |pairs| &pairs.pairs);
    if pairs.is_empty() && are_pairs_cut_off(message) {
        return None;
    }
    Some(reported_pairs(source, pairs, message.missing))
}

/// The report of each pair that is there.
fn reported_pairs<'m>(
    source: Source<'m>,
    pairs: &[AvPair],
    missing: Option<Missing>,
) -> Vec<AvPairReport<'m>> {
    let report = |pair: &AvPair| AvPairReport {
        id: pair.id.value.0,
        name: pair.id.value.name(),
        value: Shown(pair.meaning(source)),
        start: pair.span().start,
        end: pair.span().end,
    };
    let is_told = |pair: &&AvPair| missing.is_none() || !pair.is_cut();
    let named = pairs.iter().filter(|pair| pair.id.value != AvId::MsvAvEOL).filter(is_told);
    named.map(report).collect()
}

/// Returns true if the paste ends before the list of AV pairs that the message may have.
fn are_pairs_cut_off(message: &Message) -> bool {
    let is_cut = |field: Option<PayloadField>| field.is_none_or(|field| field.is_cut());
    message.missing.is_some()
        && match &message.body {
            Body::Challenge(challenge) => is_cut(challenge.target_info_field),
            Body::Authenticate(authenticate) => match authenticate.response_kind {
                ResponseKind::Ntlmv2 => is_cut(authenticate.nt_challenge_response),
                kind => kind == ResponseKind::CutOff,
            },
            Body::Negotiate(_) => false,
            Body::Unknown => true,
        }
}
