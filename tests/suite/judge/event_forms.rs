//! The forms in which exporters write an event.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::judge::event_samples::Event;

/// A form in which a program writes the fields of an event.
type FieldForm = (&'static str, fn(&Event) -> String);
/// A form in which a program writes the text of an event.
type MessageForm = (&'static str, fn(&Event, &str) -> String);

const TIME: &str = "2026-11-28T09:08:07.0000000Z";
const COMPUTER: &str = "dcfr.lab.lan";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn is_user_data(event: &Event) -> bool {
    matches!(event.id, 551 | 3021..=3027)
}

fn same(name: &str) -> String {
    name.to_owned()
}

fn lower_camel(name: &str) -> String {
    let capitals = name.chars().take_while(char::is_ascii_uppercase).count();
    let length = if capitals == name.len() { capitals } else { capitals.max(2) - 1 };
    let (head, tail) = name.split_at(length);
    head.to_lowercase() + tail
}

fn data(event: &Event, quote: char) -> String {
    let data = event.fields().into_iter().map(|(name, value)| {
        let value = escaped(value);
        if is_user_data(event) {
            format!("<{name}>{value}</{name}>")
        } else {
            format!("<Data Name={quote}{name}{quote}>{value}</Data>")
        }
    });
    let data: String = data.collect();
    if is_user_data(event) {
        format!("<UserData><EventData xmlns={quote}Smb3{quote}>{data}</EventData></UserData>")
    } else {
        format!("<EventData>{data}</EventData>")
    }
}

fn xml_around(event: &Event, quote: char, data: &str) -> String {
    let Event { id, version, .. } = event;
    let (provider, log) = (event.provider(), event.log());
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='{provider}'/><EventID>{id}</EventID><Version>{version}</Version><Level>0</Level><TimeCreated SystemTime='{TIME}'/><Channel>{log}</Channel><Computer>{COMPUTER}</Computer></System>{data}</Event>"
    )
    .replace('\'', &quote.to_string())
}

fn xml(event: &Event, quote: char) -> String {
    xml_around(event, quote, &data(event, quote))
}

fn values_alone(event: &Event, tag: &str) -> String {
    let values = event.fields().into_iter();
    values.map(|(_, value)| format!("<{tag}>{}</{tag}>", escaped(value))).collect()
}

fn values(event: &Event) -> Vec<&'static str> {
    event.fields().into_iter().map(|(_, value)| value).collect()
}

fn csv(cells: &[String], quote: fn(&str) -> String, between: &str) -> String {
    cells.iter().map(|cell| quote(cell)).collect::<Vec<_>>().join(between)
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON")
}

/// The fields and those of the header, flat.
fn flat(event: &Event, header: Value, name: fn(&str) -> String) -> Value {
    let mut all = header;
    for (field, value) in event.object(name) {
        all[field] = value;
    }
    all
}

/// `name=value` for the header and each field.
fn pairs(event: &Event, header: &[(&str, &str)], around: &str, next: &str, path: &str) -> String {
    let id = event.id.to_string();
    let mut out = String::new();
    for (name, value) in header {
        let value = match *value {
            "ID" => &id,
            "PROVIDER" => event.provider(),
            "LOG" => event.log(),
            value => value,
        };
        let _ = write!(out, "{name}={around}{value}{around}{next}");
    }
    for (name, value) in event.fields() {
        let _ = write!(out, "{path}{name}={around}{value}{around}{next}");
    }
    out
}

#[rustfmt::skip]
pub(super) const FIELD_FORMS: &[FieldForm] = &[
    ("Event Viewer's XML", |event| xml(event, '"').replace("><", ">\n  <")),
    ("wevtutil /f:xml", |event| xml(event, '\'')),
    ("XML without names", |event| xml_around(event, '"', &format!("<EventData>{}</EventData>", values_alone(event, "Data")))),
    ("XML in a JSON string", |event| json!({ "_time": TIME, "_raw": xml(event, '"') }).to_string()),
    ("XML in a JSON string of a JSON string", |event| json!({ "log": json!({ "raw": xml(event, '\'') }).to_string() }).to_string()),
    ("escaped XML", |event| escaped(&xml(event, '"')).replace('"', "&quot;")),
    ("XML quoted in a mail", |event| xml(event, '"').replace("><", ">\n<").lines().map(|line| format!("> {line}\n")).collect()),
    ("Azure Monitor's ParameterXml", |event| pretty(&json!({
        "TimeGenerated": TIME, "Source": event.provider(), "EventLog": event.log(), "Computer": COMPUTER, "EventID": event.id,
        "ParameterXml": values_alone(event, "Param"),
    }))),
    ("Sentinel's SecurityEvent", |event| json!({
        "TimeGenerated": TIME, "Computer": COMPUTER, "EventSourceName": event.provider(), "Channel": event.log(), "EventID": event.id,
        "Activity": format!("{} - something", event.id), "EventData": data(event, '"').replace("><", ">\r\n  <"),
    }).to_string()),
    ("Sentinel's WindowsEvent", |event| json!([{
        "TimeGenerated": TIME, "Computer": COMPUTER, "Provider": event.provider(), "Channel": event.log(), "EventID": event.id, "EventData": event.object(same),
    }]).to_string()),
    ("Azure's custom tables", |event| flat(event, json!({ "EventID_d": 1.0, "SourceName_s": event.provider() }), |name| format!("{name}_s")).to_string()
        .replace("\"EventID_d\":1.0", &format!("\"EventID_d\":{}.0", event.id))),
    ("Winlogbeat", |event| pretty(&json!({
        "@timestamp": TIME, "agent": { "name": "x", "version": "8.1.0", "type": "winlogbeat" }, "event": { "code": event.id.to_string(), "provider": event.provider() },
        "host": { "name": COMPUTER },
        "winlog": { "event_id": event.id.to_string(), "provider_name": event.provider(), "channel": event.log(), "computer_name": COMPUTER, "version": event.version,
            (if is_user_data(event) { "user_data" } else { "event_data" }): event.object(same) },
    }))),
    ("Winlogbeat, flat", |event| flat(event, json!({ "@timestamp": TIME, "winlog.event_id": event.id, "winlog.provider_name": event.provider() }), |name| format!("winlog.event_data.{name}")).to_string()),
    ("Winlogbeat before 7", |event| json!({ "@timestamp": TIME, "computer_name": COMPUTER, "event_id": event.id, "log_name": event.log(), "source_name": event.provider(), "event_data": event.object(same) }).to_string()),
    ("Elasticsearch", |event| pretty(&json!({ "hits": { "total": 1, "hits": [{ "_id": "ab12", "_source": { "event": { "code": event.id.to_string() },
        "winlog": { "provider_name": event.provider(), "event_data": event.object(same) } } }] } }))),
    ("NXLog", |event| flat(event, json!({ "EventTime": "2026-11-28 09:08:07", "Hostname": COMPUTER, "SourceName": event.provider(), "Channel": event.log(), "EventID": event.id }), same).to_string()),
    ("NXLog behind syslog", |event| format!("<14>1 2026-11-28T09:08:07Z {COMPUTER} {} - - - @cee: {}", event.provider(),
        flat(event, json!({ "SourceName": event.provider(), "EventID": event.id }), same))),
    ("Wazuh", |event| pretty(&json!({ "timestamp": TIME, "agent": { "id": "001" }, "rule": { "id": "60104", "level": 5 }, "data": { "win": {
        "system": { "providerName": event.provider(), "eventID": event.id.to_string(), "channel": event.log(), "computer": COMPUTER, "version": event.version.to_string() },
        "eventdata": event.object(lower_camel) } } }))),
    ("Wazuh, flat", |event| flat(event, json!({ "data.win.system.eventID": event.id.to_string(), "data.win.system.providerName": event.provider() }), |name| format!("data.win.eventdata.{}", lower_camel(name))).to_string()),
    ("Wazuh's archives", |event| format!("2026 Nov 28 09:08:07 (dcfr) any->EventChannel {}", json!({ "win": { "system": { "providerName": event.provider(), "eventID": event.id.to_string() }, "eventdata": event.object(lower_camel) } }))),
    ("Splunk's pairs in a line", |event| pairs(event, &[("EventCode", "ID"), ("SourceName", "PROVIDER"), ("Computer", COMPUTER)], "\"", " ", "")),
    ("Splunk's pairs in lines", |event| pairs(event, &[("LogName", "LOG"), ("EventCode", "ID"), ("SourceName", "PROVIDER"), ("ComputerName", COMPUTER)], "", "\n", "")),
    ("Splunk's JSON", |event| json!({ "preview": false, "offset": 0, "result": flat(event, json!({ "EventCode": event.id.to_string(), "SourceName": event.provider(), "_time": TIME }), same) }).to_string()),
    ("GELF", |event| flat(event, json!({ "version": "1.1", "host": COMPUTER, "short_message": "x", "_EventID": event.id, "_SourceName": event.provider() }), |name| format!("_{name}")).to_string()),
    ("Graylog with Beats", |event| flat(event, json!({ "winlogbeat_winlog_event_id": event.id.to_string(), "winlogbeat_winlog_provider_name": event.provider() }), |name| format!("winlogbeat_winlog_event_data_{name}")).to_string()),
    ("Fluent Bit", |event| json!({ "ProviderName": event.provider(), "EventID": event.id, "Version": event.version, "Channel": event.log(), "Computer": COMPUTER, "Message": "", "StringInserts": values(event) }).to_string()),
    ("Fluentd", |event| json!({ "ProviderName": event.provider(), "EventID": event.id.to_string(), "Channel": event.log(), "Computer": COMPUTER, "EventData": values(event) }).to_string()),
    ("osquery", |event| json!({ "name": "windows_events", "columns": { "eventid": event.id.to_string(), "provider_name": event.provider(), "computer_name": COMPUTER, "datetime": TIME,
        "data": json!({ "EventData": event.object(same) }).to_string() }, "action": "added" }).to_string()),
    ("ConvertTo-Json", |event| pretty(&json!({ "Id": event.id, "Version": event.version, "ProviderName": event.provider(), "LogName": event.log(), "MachineName": COMPUTER, "TimeCreated": "/Date(1795856887000)/",
        "Properties": values(event).into_iter().map(|value| if value.starts_with("S-1-") { json!({ "Value": { "BinaryLength": 28, "AccountDomainSid": null, "Value": value } }) } else { json!({ "Value": value }) }).collect::<Vec<_>>() }))),
    ("Get-EventLog to JSON", |event| json!({ "EventID": event.id, "MachineName": COMPUTER, "Source": event.provider(), "InstanceId": event.id, "ReplacementStrings": values(event) }).to_string()),
    ("evtx_dump", |event| pretty(&json!({ "Event": { "#attributes": { "xmlns": "x" }, "System": { "Provider": { "#attributes": { "Name": event.provider() } }, "EventID": { "#attributes": { "Qualifiers": "" }, "#text": event.id },
        "TimeCreated": { "#attributes": { "SystemTime": TIME } }, "Channel": event.log(), "Computer": COMPUTER }, "EventData": event.object(same) } }))),
    ("XML as JSON", |event| json!({ "Event": { "System": { "Provider": { "@Name": event.provider() }, "EventID": event.id.to_string() },
        "EventData": { "Data": event.fields().into_iter().map(|(name, value)| json!({ "@Name": name, "#text": value })).collect::<Vec<_>>() } } }).to_string()),
    ("OpenTelemetry", |event| json!({ "event_id": { "id": event.id, "qualifiers": 0 }, "provider": { "name": event.provider(), "guid": "" }, "channel": event.log(), "computer": COMPUTER, "system_time": TIME,
        "event_data": { "data": event.fields().into_iter().map(|(name, value)| json!({ name: value })).collect::<Vec<_>>() } }).to_string()),
    ("a dictionary of Python", |event| flat(event, json!({ "EventID": event.id, "SourceName": event.provider() }), same).to_string().replace("\\\\", "\u{1}").replace('"', "'").replace('\u{1}', "\\\\")),
    ("JSON lines cut behind the event", |event| flat(event, json!({ "EventID": event.id, "SourceName": event.provider() }), same).to_string().trim_end_matches('}').to_owned() + ",\"Opc"),
    ("KQL's table", |event| format!("TimeGenerated [UTC]\tComputer\tEventID\tSource\tEventData\n28/11/2026, 9:08:07.000\t{COMPUTER}\t{}\t{}\t{}\n", event.id, event.provider(), data(event, '"'))),
    ("CSV with a heading", |event| {
        let header = ["EventID", "Provider"].into_iter().chain(event.fields().into_iter().map(|(name, _)| name)).map(str::to_owned).collect::<Vec<_>>();
        let row = [event.id.to_string(), event.provider().to_owned()].into_iter().chain(values(event).into_iter().map(str::to_owned)).collect::<Vec<_>>();
        format!("{}\n{}\n", csv(&header, same, ","), csv(&row, quoted, ","))
    }),
    ("CSV with semicolons", |event| {
        let header = ["event_id", "provider_name"].into_iter().chain(event.fields().into_iter().map(|(name, _)| name)).map(str::to_owned).collect::<Vec<_>>();
        let row = [event.id.to_string(), event.provider().to_owned()].into_iter().chain(values(event).into_iter().map(str::to_owned)).collect::<Vec<_>>();
        format!("{}\n{}\n", csv(&header, quoted, ";"), csv(&row, quoted, ";"))
    }),
    ("LEEF", |event| format!("<13>Nov 28 09:08:07 {COMPUTER} LEEF:1.0|NXLog|in|3.0|{}|{}", event.id, pairs(event, &[("EventID", "ID"), ("SourceName", "PROVIDER")], "", "\t", ""))),
    ("CEF", |event| format!("CEF:0|Microsoft|Microsoft Windows||{}:{}|x|Low|externalId={} {}", event.provider(), event.id, event.id,
        pairs(event, &[("deviceHostName", COMPUTER), ("ad.Channel", "LOG")], "", " ", "ad."))),
    ("a list of properties", |event| {
        let mut out = format!("EventID      : {}\nProviderName : {}\n", event.id, event.provider());
        for (name, value) in event.fields() {
            let _ = writeln!(out, "{name:12} : {value}");
        }
        out
    }),
];

fn in_one_line(text: &str) -> String {
    let text = text.replace('\n', "  ");
    text.replace('\t', " ")
}

fn header_of_viewer(event: &Event, text: &str) -> String {
    format!(
        "Log Name:      {}\nSource:        {}\nDate:          11/28/2026 9:08:07 AM\nEvent ID:      {}\nTask Category: File Share\nLevel:         Information\nKeywords:      Audit Failure\nUser:          N/A\nComputer:      {COMPUTER}\nDescription:\n{text}\n",
        event.log(),
        event.provider(),
        event.id
    )
}

#[rustfmt::skip]
pub(super) const MESSAGE_FORMS: &[MessageForm] = &[
    ("Event Viewer's copy", |event, text| header_of_viewer(event, text)),
    ("Event Viewer's copy, quoted", |event, text| header_of_viewer(event, text).lines().map(|line| format!("> {line}\n")).collect()),
    ("Event Viewer's copy in German", |event, text| format!(
        "Protokollname: {}\nQuelle:        {}\nDatum:         28.11.2026 09:08:07\nEreignis-ID:   {}\nAufgabenkategorie:Dateifreigabe\nEbene:         Informationen\nBenutzer:      Nicht zutreffend\nComputer:      {COMPUTER}\nBeschreibung:\n{text}\n",
        event.log(), event.provider(), event.id)),
    ("wevtutil /f:text", |event, text| format!(
        "Event[0]:\n  Log Name: {}\n  Source: {}\n  Date: {TIME}\n  Event ID: {}\n  Task: x\n  Level: Information\n  Opcode: Info\n  Keyword: N/A\n  User: N/A\n  User Name: N/A\n  Computer: {COMPUTER}\n  Description: \n{text}\n\n",
        event.log(), event.provider(), event.id)),
    ("Get-WinEvent | fl", |event, text| format!(
        "\n\nTimeCreated  : 11/28/2026 9:08:07 AM\nProviderName : {}\nId           : {}\nMessage      : {}\n\n", event.provider(), event.id, text.replace('\n', "\n               "))),
    ("Event Viewer's CSV", |event, text| format!(
        "Level,Date and Time,Source,Event ID,Task Category\nInformation,11/28/2026 9:08:07 AM,{},{},File Share,\"{text}\"\n", event.provider(), event.id)),
    ("Event Viewer's CSV in German", |event, text| format!(
        "Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie\nInformationen,28.11.2026 09:08:07,{},{},Dateifreigabe,\"{text}\"\n", event.provider(), event.id)),
    ("Export-Csv", |event, text| format!(
        "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\n\"Message\",\"Id\",\"Version\",\"ProviderName\",\"LogName\",\"MachineName\",\"TimeCreated\"\n{},\"{}\",\"{}\",\"{}\",\"{}\",\"{COMPUTER}\",\"11/28/2026 9:08:07 AM\"\n",
        quoted(text), event.id, event.version, event.provider(), event.log())),
    ("Snare", |event, text| format!(
        "<13>Nov 28 09:08:07 {COMPUTER} MSWinEventLog\t1\t{}\t4711\tSat Nov 28 09:08:07 2026\t{}\t{}\tLAB\\anna\tN/A\tFailure Audit\t{COMPUTER}\tFile Share\t\t{}\t12\n", event.log(), event.id, event.provider(), in_one_line(text))),
    ("Snare through rsyslog", |event, text| format!(
        "<13>Nov 28 09:08:07 {COMPUTER} MSWinEventLog#0111#011{}#0114711#011Sat Nov 28 09:08:07 2026#011{}#011{}#011LAB\\anna#011N/A#011Failure Audit#011{COMPUTER}#011File Share#011#011{}#01112\n", event.log(), event.id, event.provider(), in_one_line(text))),
    ("an agent through rsyslog", |event, text| format!(
        "Nov 28 09:08:07 {COMPUTER} {}: {}: {}\n", event.provider(), event.id, text.replace('\n', "#015#012").replace('\t', "#011"))),
    ("an agent in one line", |event, text| format!("Nov 28 09:08:07 {COMPUTER} {}[4]: {} {}\n", event.provider(), event.id, in_one_line(text))),
    ("WinCollect", |event, text| format!(
        "<13>Nov 28 09:08:07 {COMPUTER} AgentDevice=WindowsLog\tAgentLogFile={}\tPluginVersion=7.3\tSource={}\tComputer={COMPUTER}\tOriginatingComputer=10.0.0.11\tUser=\tDomain=\tEventID={}\tEventIDCode={}\tEventType=16\tMessage={}\n", event.log(), event.provider(), event.id, event.id, in_one_line(text))),
    ("Fluent Bit's Message", |event, text| json!({ "ProviderName": event.provider(), "EventID": event.id, "Channel": event.log(), "Message": text.replace('\n', "\r\n") }).to_string()),
    ("ConvertTo-Json's Message", |event, text| pretty(&json!({ "Message": text.replace('\n', "\r\n"), "Id": event.id, "ProviderName": event.provider(), "MachineName": COMPUTER }))),
    ("NXLog's Message", |event, text| json!({ "EventID": event.id, "SourceName": event.provider(), "Hostname": COMPUTER, "Message": in_one_line(text) }).to_string()),
    ("Docker's log around NXLog", |event, text| json!({ "log": json!({ "EventID": event.id, "SourceName": event.provider(), "Message": text.replace('\n', "\r\n") }).to_string() + "\n", "stream": "stdout" }).to_string()),
    ("Splunk's classic form", |event, text| format!(
        "11/28/2026 09:08:07 AM\nLogName={}\nEventCode={}\nEventType=0\nComputerName={COMPUTER}\nSourceName={}\nType=Information\nRecordNumber=4711\nKeywords=Audit Failure\nTaskCategory=File Share\nOpCode=Info\nMessage={text}\n", event.log(), event.id, event.provider())),
    ("KQL's RenderedDescription", |event, text| format!("TimeGenerated\tComputer\tEventID\tSource\tRenderedDescription\n{TIME}\t{COMPUTER}\t{}\t{}\t{}\n", event.id, event.provider(), in_one_line(text))),
    ("XML with the rendered text", |event, text| xml_around(event, '"', &format!("<RenderingInfo Culture=\"de-DE\"><Message>{}</Message></RenderingInfo>", escaped(text)))),
    ("a code block", |event, text| format!("We see event {} of {} on {COMPUTER}:\n```\n{text}\n```\nWhat is it?\n", event.id, event.provider())),
];
