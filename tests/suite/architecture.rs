//! Data goes one way: each module of the library uses only those below it.

use std::{fs, path::Path};

/// The modules, lowest first. Each may use those before it, and none after it.
const ORDER: [&str; 31] = [
    "base::pace",
    "base::span",
    "base::visible",
    "base::spn",
    "base::finding",
    "message::der",
    "read::layer",
    "read::service",
    "message::wire",
    "read::remarks",
    "read::capture",
    "message::field",
    "message::ntlm",
    "message::kerberos",
    "read::carrier",
    "read::text",
    "read::stream",
    "judge::proof",
    "lab::exchange",
    "lab::edit",
    "judge::smb",
    "judge::events",
    "judge::remedies",
    "analysis",
    "audit",
    "message::compare",
    "lab::relay",
    "message::explain",
    "show::words",
    "read::config",
    "show::report",
];

/// The wings that are one module each.
const WHOLE: [&str; 2] = ["analysis", "audit"];

/// Docstrings may name any module, which is no use of it.
fn uses(source: &str) -> Vec<String> {
    let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: String = lines.collect::<Vec<_>>().join("\n");
    let paths = code.match_indices("crate::").map(|(at, before)| &code[at + before.len()..]);
    paths.flat_map(|path| items(path).into_iter().flat_map(modules)).collect()
}

/// The modules that a path below `crate::` begins with.
fn modules(path: &str) -> Vec<String> {
    let wing = first_word(path);
    match path[wing.len()..].strip_prefix("::") {
        Some(inside) if !WHOLE.contains(&wing.as_str()) => {
            items(inside).into_iter().map(|item| format!("{wing}::{}", first_word(item))).collect()
        }
        _ => vec![wing],
    }
}

/// What stands in the braces that a path begins with; the path itself where it begins with none.
fn items(path: &str) -> Vec<&str> {
    let Some(list) = path.strip_prefix('{') else { return vec![path] };
    let (mut depth, mut start) = (0, 0);
    let mut items = Vec::new();
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                items.push(list[start..at].trim());
                start = at + 1;
                if character == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    items.retain(|item| !item.is_empty());
    items
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn visit(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("src").map(|entry| entry.unwrap()) {
        let path = entry.path();
        if path.is_dir() {
            visit(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path.to_str().unwrap().replace('\\', "/"), text));
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

/// `judge::smb`; of what is not in a module of a wing, the first part.
fn module_of(path: &str) -> String {
    let inside = path.rsplit_once("/src/").expect("below src").1.trim_end_matches(".rs");
    let mut parts = inside.split('/');
    match (parts.next().unwrap_or_default(), parts.next()) {
        (wing, _) if WHOLE.contains(&wing) => wing.to_owned(),
        ("main", _) | (_, None | Some("mod")) => inside.split('/').next().unwrap().to_owned(),
        (wing, Some(module)) => format!("{wing}::{module}"),
    }
}

#[test]
fn modules_use_only_those_below_them() {
    let place = |module: &str| ORDER.iter().position(|known| *known == module);
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let module = module_of(&path);
        // What only declares the modules of a wing is in none.
        if !module.contains("::") && !WHOLE.contains(&&*module) {
            continue;
        }
        let own = place(&module).unwrap_or_else(|| panic!("{module} is not in the order"));
        for used in uses(&text) {
            match place(&used) {
                Some(at) if at <= own => {}
                _ => wrong.push(format!("{path} uses {used}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_library_is_pure() {
    let forbidden = [
        "std::time",
        "std::fs",
        "std::io::{Read",
        "io::stdin",
        "io::stdout",
        "io::stderr",
        "std::net::Tcp",
        "std::env",
        "std::thread",
        "web_sys",
        "js_sys",
        "yew",
        "rand::",
        "unsafe ",
        ".unwrap()",
        ".expect(",
        "panic!(",
        "todo!(",
        "unreachable!(",
    ];
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if module_of(&path) != "main" && text.contains("std::io") {
            wrong.push(format!("{path} has std::io"));
        }
        if module_of(&path) == "main" {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in (1..).zip(code.lines()) {
            let line = line.trim_start();
            for word in forbidden.iter().filter(|_| !line.starts_with("//")) {
                if line.contains(word) {
                    wrong.push(format!("{path}:{number} has {word}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
