//! Data goes one way: each module of the library uses only those below it.

use std::{fs, path::Path};

/// The modules, lowest first. Each may use those before it, and none after it.
const ORDER: [&str; 28] = [
    "pace",
    "span",
    "visible",
    "spn",
    "finding",
    "der",
    "layer",
    "service",
    "wire",
    "field",
    "ntlm",
    "kerberos",
    "carrier",
    "input",
    "proof",
    "exchange",
    "edit",
    "policy",
    "events",
    "remedies",
    "import",
    "analysis",
    "compare",
    "relay",
    "explain",
    "report",
    "view",
    "workbench",
];

/// Docstrings may name any module, which is no use of it.
fn uses(source: &str) -> Vec<String> {
    let mut used = Vec::new();
    let code: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut rest = code.as_str();
    while let Some(at) = rest.find("crate::") {
        rest = &rest[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let (mut depth, mut start) = (0, 0);
            let mut names = Vec::new();
            for (at, character) in list.char_indices() {
                match character {
                    '{' => depth += 1,
                    '}' if depth == 0 => {
                        names.push(&list[start..at]);
                        break;
                    }
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        names.push(&list[start..at]);
                        start = at + 1;
                    }
                    _ => {}
                }
            }
            used.extend(names.iter().map(|name| first_word(name.trim())));
        } else {
            used.push(first_word(rest));
        }
    }
    used.retain(|name| !name.is_empty());
    used
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

fn module_of(path: &str) -> &str {
    let inside = path.rsplit_once("/src/").expect("below src").1;
    inside.split('/').next().unwrap().trim_end_matches(".rs")
}

#[test]
fn modules_use_only_those_below_them() {
    let place = |module: &str| ORDER.iter().position(|known| *known == module);
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let module = module_of(&path);
        if module == "lib" || module == "main" {
            continue;
        }
        let own = place(module).unwrap_or_else(|| panic!("{module} is not in the order"));
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
