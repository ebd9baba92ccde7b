//! The invariants of every message. The fuzz targets check the same.

use std::sync::Arc;

use spnscope::base::{finding::Code, span::Span};
use spnscope::message::{
    field::Field,
    ntlm::{Body, Message},
};

/// Checks everything that has to hold for `bytes`; what does not is described.
pub(crate) fn check(bytes: &[u8]) -> Result<(), String> {
    let Ok(message) = Message::parse(Arc::from(bytes)) else {
        return if bytes.starts_with(b"NTLMSSP\0") { Err("not parsed".into()) } else { Ok(()) };
    };
    let root = message.field();
    if root.encode(bytes) != bytes {
        return Err("encode differs".into());
    }
    let mut covered = vec![false; bytes.len()];
    let (leaves, gaps) = (root.leaves(), root.gaps());
    for span in leaves.iter().map(|leaf| leaf.span).chain(gaps.iter().copied()) {
        for at in span.start..span.end {
            *covered.get_mut(at).ok_or_else(|| format!("{span:?} is outside"))? = true;
        }
    }
    if let Some(at) = covered.iter().position(|covered| !covered) {
        return Err(format!("byte {at} is neither in a leaf nor in a gap"));
    }
    if let Some(gap) = gaps.iter().find(|gap| leaves.iter().any(|leaf| leaf.span.overlaps(**gap))) {
        return Err(format!("the gap {gap:?} is in a leaf"));
    }
    let is_known = message.body != Body::Unknown;
    if let Some(gap) = gaps.iter().find(|gap| {
        is_known && !message.findings.iter().any(|finding| finding.span.contains(**gap))
    }) {
        return Err(format!("no finding says that no field covers {gap:?}"));
    }
    let overlap = message
        .findings
        .iter()
        .any(|f| matches!(f.code, Code::PayloadOverlap | Code::PayloadInHeader))
        // Of a message that is cut one finding says so, in place of what else its pointers do.
        || message.missing.is_some();
    children_fit(&root, overlap)?;
    for finding in &message.findings {
        if finding.span.end > bytes.len() {
            return Err(format!("{} points outside: {:?}", finding.code.as_str(), finding.span));
        }
    }
    Ok(())
}

fn children_fit(field: &Field<'_>, overlap: bool) -> Result<(), String> {
    let mut before = Span::empty(field.span.start);
    for child in &field.children {
        if !field.span.contains(child.span) {
            return Err(format!("{:?} is outside its parent {:?}", child.name, field.name));
        }
        if child.span.start < before.start {
            return Err(format!("{:?} is out of order", child.name));
        }
        if child.span.start < before.end && !overlap {
            return Err(format!("{:?} overlaps its neighbour without a finding", child.name));
        }
        before = child.span;
        children_fit(child, overlap)?;
    }
    Ok(())
}
