//! Data goes one way: each wing of the library uses only those before it, and modules that are side
//! by side do not use each other in a circle.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// The wings, in the order data goes. Each may use itself and those before it.
const WINGS: [&str; 8] = ["base", "message", "read", "judge", "lab", "analysis", "audit", "show"];

/// A module, or what is in one, by the names that lead to it from the root of the library.
type ModulePath = Vec<String>;

/// That something in the first module names something in the second.
type Use = (ModulePath, ModulePath);

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The files of the library, each with the module it is.
fn files() -> Vec<(PathBuf, ModulePath)> {
    let mut files = Vec::new();
    for wing in WINGS {
        collect_files(&source_folder().join(wing), &vec![wing.to_owned()], &mut files);
    }
    files.sort();
    files
}

fn collect_files(folder: &Path, module: &ModulePath, files: &mut Vec<(PathBuf, ModulePath)>) {
    for entry in fs::read_dir(folder).expect("a folder of src").map(|entry| entry.unwrap().path()) {
        let name = entry.file_stem().unwrap().to_str().unwrap().to_owned();
        let child = || [module.as_slice(), std::slice::from_ref(&name)].concat();
        if entry.is_dir() {
            collect_files(&entry, &child(), files);
        } else if name == "mod" {
            files.push((entry, module.clone()));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            let module = child();
            files.push((entry, module));
        }
    }
}

/// Collects what the code of a file names, but for tests and docstrings.
struct Names {
    module: ModulePath,
    uses: Vec<Use>,
}

impl Names {
    /// Takes the path `names`, where it begins at the root, in this module or in one around it.
    fn take(&mut self, names: &[String]) {
        let Some((first, rest)) = names.split_first() else { return };
        let mut base = match first.as_str() {
            "crate" => Vec::new(),
            "self" => self.module.clone(),
            "super" => self.module[..self.module.len() - 1].to_vec(),
            _ => return,
        };
        let ups = rest.iter().take_while(|name| *name == "super").count();
        base.truncate(base.len().saturating_sub(ups));
        base.extend(rest[ups..].iter().cloned());
        self.uses.push((self.module.clone(), base));
    }

    fn take_tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.take_tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) if name.ident == "self" => self.take(before),
            syn::UseTree::Name(name) => self.take(&with(&name.ident)),
            syn::UseTree::Rename(rename) => self.take(&with(&rename.ident)),
            syn::UseTree::Glob(_) => self.take(before),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.take_tree(before, tree);
                }
            }
        }
    }

    /// Takes the paths in what a macro is given, which is not parsed.
    fn take_tokens(&mut self, tokens: TokenStream) {
        let mut names: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.take(&std::mem::take(&mut names));
                    }
                    names.push(ident.to_string());
                    colons = 0;
                }
                other => {
                    self.take(&std::mem::take(&mut names));
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.take_tokens(group.stream());
                    }
                }
            }
        }
        self.take(&names);
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let list = attribute.meta.require_list();
        attribute.path().is_ident("cfg") && list.is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_test(&item.attrs) {
            return;
        }
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.take_tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.take(&names);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.take_tokens(item.tokens.clone());
    }

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}

/// The uses that each module makes of others.
fn uses() -> Vec<Use> {
    let mut uses = Vec::new();
    for (file, module) in files() {
        let code = syn::parse_file(&fs::read_to_string(&file).unwrap()).expect("Rust");
        let mut names = Names { module, uses: Vec::new() };
        names.visit_file(&code);
        uses.extend(names.uses);
    }
    uses
}

fn wing_of(module: &ModulePath) -> Option<usize> {
    WINGS.iter().position(|wing| module.first().is_some_and(|first| first == wing))
}

#[test]
fn every_folder_is_a_wing() {
    let folders = fs::read_dir(source_folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = folders
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        // The command line is a program of its own.
        .filter(|name| name != "bin")
        .collect();
    folders.sort();
    let mut wings = WINGS;
    wings.sort_unstable();
    assert_eq!(folders, wings);
}

#[test]
fn wings_use_only_those_before_them() {
    let uses = uses();
    assert!(uses.len() > 1000, "only {} uses were found", uses.len());
    let up: BTreeSet<_> = uses
        .iter()
        .filter(|(from, to)| wing_of(to).is_some_and(|to| Some(to) > wing_of(from)))
        .map(|(from, to)| format!("{} uses {}", from.join("::"), to.join("::")))
        .collect();
    assert!(up.is_empty(), "{}", up.into_iter().collect::<Vec<_>>().join("\n"));
}

/// Of modules that are side by side, at any depth, none uses itself by way of others.
#[test]
fn modules_side_by_side_do_not_use_each_other_in_a_circle() {
    let modules: BTreeSet<_> = files().into_iter().map(|(_, module)| module).collect();
    let mut graph: BTreeMap<ModulePath, BTreeSet<ModulePath>> = BTreeMap::new();
    for (from, to) in uses() {
        let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
        let below = |path: &ModulePath| Some(path.get(..=shared)?.to_vec());
        let (Some(from), Some(to)) = (below(&from), below(&to)) else { continue };
        if modules.contains(&from) && modules.contains(&to) {
            graph.entry(from).or_default().insert(to);
        }
    }
    // A module that uses none that is left is in no circle.
    loop {
        let left: BTreeSet<_> = graph.keys().cloned().collect();
        let before: usize = graph.values().map(BTreeSet::len).sum();
        for used in graph.values_mut() {
            used.retain(|module| left.contains(module));
        }
        graph.retain(|_, used| !used.is_empty());
        if graph.values().map(BTreeSet::len).sum::<usize>() == before {
            break;
        }
    }
    let circles: Vec<_> = graph
        .iter()
        .map(|(from, to)| {
            let to: Vec<_> = to.iter().map(|module| module.join("::")).collect();
            format!("{} uses {}", from.join("::"), to.join(", "))
        })
        .collect();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

/// The table in the library's README: how often the wing at the left names something of the wing
/// above.
fn picture() -> String {
    let mut counts = [[0_usize; WINGS.len()]; WINGS.len()];
    for (from, to) in uses() {
        if let (Some(from), Some(to)) = (wing_of(&from), wing_of(&to)) {
            counts[from][to] += usize::from(from != to);
        }
    }
    let mut out = format!("{:8}", "");
    for wing in WINGS {
        write!(out, "{wing:>9}").unwrap();
    }
    for (wing, counts) in WINGS.iter().zip(counts) {
        write!(out, "\n{wing:8}").unwrap();
        for count in counts {
            let count = if count == 0 { "·".to_owned() } else { count.to_string() };
            write!(out, "{count:>9}").unwrap();
        }
    }
    out
}

/// `UPDATE_GOLDEN=1` draws it anew. Counts change often, so only where there are any is held.
#[test]
fn the_picture_in_the_readme_is_that_of_the_code() {
    let file = source_folder().join("README.md");
    let readme = fs::read_to_string(&file).unwrap();
    let (before, rest) = readme.split_once("```text\n        ").expect("the picture");
    let (kept, after) = rest.split_once("\n```").expect("its end");
    let now = picture();
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, format!("{before}```text\n{now}\n```{after}")).unwrap();
        return;
    }
    let arrows = |picture: &str| {
        let rows = picture.lines().skip(1).map(|row| {
            let cells = row.split_whitespace().skip(1);
            cells.map(|cell| cell != "·").collect::<Vec<_>>()
        });
        rows.collect::<Vec<_>>()
    };
    assert_eq!(arrows(&format!("        {kept}")), arrows(&now), "UPDATE_GOLDEN=1 draws it anew");
}
