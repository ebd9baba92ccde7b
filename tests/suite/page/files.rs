//! Capture files that the page reads piece by piece.

use std::sync::Arc;

use spnscope::analysis::{CaptureReader, Captured, FoundSignIns, analyze};
use spnscope::judge::smb::ServerSettings;
use spnscope::show::report::render_json;
use spnscope_page::workbench::{
    CaptureFile, EditAction, FileAction, FileEnd, PasteAction, Progress, SelectAction, Workbench,
};

use crate::{
    fixtures::field_path,
    read::capture_files::{bytes, names},
};

/// Reads `file`, pushed in pieces of `piece` bytes.
fn read(file: &[u8], piece: usize) -> CaptureReader {
    let mut reader = CaptureReader::default();
    file.chunks(piece).for_each(|piece| reader.push(piece));
    reader
}

fn begin(file: &[u8]) -> Workbench {
    let file = CaptureFile::new("lab.pcapng", Some(file.len() as u64));
    Workbench::default().apply(FileAction::Begin(file))
}

fn end(found: FoundSignIns, bytes: usize, end: FileEnd) -> FileAction {
    FileAction::End { bytes: bytes as u64, found: Arc::new(found), end }
}

#[test]
fn a_file_in_pieces_is_shown_as_one_that_was_put_in_whole() {
    for name in names() {
        let file = bytes(&name);
        let put = Workbench::default().apply(PasteAction::Put(file.clone().into()));
        let read = begin(&file).apply(end(read(&file, 1000).finish(), file.len(), FileEnd::Whole));
        assert_eq!(read.view(), put.view(), "{name}");
        assert_eq!((read.refusal(), read.remark()), (put.refusal(), put.remark()), "{name}");
        assert_eq!(read.file_end(), None, "{name}");
        if let Some(analysis) = read.analysis() {
            let whole = analyze(&file, &ServerSettings::default(), None);
            assert_eq!(render_json(analysis), render_json(&whole), "{name}");
        }
    }
}

#[test]
fn sign_ins_found_before_a_stop_stay_and_the_place_is_said() {
    let first = bytes("smb3-direct-by-ip.pcapng");
    let mut file = first.clone();
    file.extend(bytes("smb3-dnat-by-ip-client-side.pcapng"));
    let reading = begin(&file).apply(FileAction::ReadOn { bytes: 1_000, sign_ins: 0 });
    let Some(Progress::File(_)) = reading.reading() else { panic!("{:?}", reading.reading()) };
    assert!(!reading.is_empty() && reading.view().is_none() && reading.refusal().is_none());

    let at = first.len() + 100;
    let part = read(&file[..at], at);
    let stopped = reading.apply(end(part.stop(), at, FileEnd::Stopped));
    assert_eq!(stopped.reading(), None);
    assert_eq!(stopped.view().unwrap().exchanges.len(), 1);
    let words = stopped.file_end().unwrap();
    assert_eq!(
        words,
        "Reading was stopped at byte 8,916 of 17,632. What is shown was found before that."
    );
    // That the rest is missing is no fault of the file.
    assert_eq!(stopped.remark(), None);

    let nothing = begin(&file).apply(end(read(&file[..500], 500).stop(), 500, FileEnd::Stopped));
    assert!(nothing.view().is_none());
    assert!(nothing.file_end().unwrap().ends_with("No sign-in was found before that."));
}

/// Sign-ins are shown while reading goes on. The message that the reader looks at stays with its
/// edits, though the sign-ins are in another order at the end.
#[test]
fn sign_ins_are_shown_while_more_is_read() {
    let open = bytes("smb3-direct-by-ip.pcapng");
    let parts = ["smb3-dnat-by-ip-client-side.pcapng", "impacket-spn-empty.pcapng"].map(bytes);
    let file = [parts.concat(), open].concat();
    let mut reader = CaptureReader::default();
    reader.push(&parts[0]);
    let so_far = |reader: &CaptureReader, bytes| {
        let found = Arc::new(reader.found_so_far());
        FileAction::SoFar { bytes, found }
    };
    let one = begin(&file).apply(so_far(&reader, parts[0].len() as u64));
    assert!(matches!(one.reading(), Some(Progress::File(_))));
    assert_eq!(one.view().unwrap().exchanges.len(), 1);
    assert_eq!(one.analysis().unwrap().exchanges()[0].captured, reader_first(&parts[0]));

    // Nobody looked closer: what would be denied comes first once more is known.
    reader.push(&parts[1]);
    let found = |workbench: &Workbench| {
        let (table, chosen) = workbench.sign_ins().unwrap();
        (table.rows.len(), table.rows[chosen.unwrap()].asked_for.clone())
    };
    let two = one.apply(so_far(&reader, 1));
    assert_eq!(found(&two).0, 2);
    let (table, chosen) = two.sign_ins().unwrap();
    let other = (0..2).find(|row| Some(*row) != chosen).unwrap();
    let name = table.rows[other].asked_for.clone();
    let looked = two.apply(SelectAction::Message(table.rows[other].token.unwrap()));
    let path = field_path("AUTHENTICATE_MESSAGE.NegotiateFlags");
    let edited = looked
        .apply(EditAction::Open(Some(path)))
        .apply(EditAction::Change(Some("0x00000001".to_owned())));
    let is_edited = |workbench: &Workbench| workbench.view().unwrap().edited.is_some();
    assert!(is_edited(&edited));

    reader.push(&file[parts.concat().len()..]);
    let more = edited.apply(so_far(&reader, 2));
    assert_eq!((found(&more), is_edited(&more)), ((3, name.clone()), true));
    let whole = more.apply(end(reader.finish(), file.len(), FileEnd::Whole));
    assert_eq!((found(&whole), is_edited(&whole)), ((3, name), true));
    assert_eq!(whole.reading(), None);
}

/// The captured facts of the first sign-in in a file.
fn reader_first(file: &[u8]) -> Option<Arc<Captured>> {
    analyze(file, &ServerSettings::default(), None).exchanges()[0].captured.clone()
}

#[test]
fn unreadable_files_are_reported_and_the_rest_is_kept() {
    let file = bytes("smb3-direct-by-ip.pcapng");
    for (reason, said) in [
        (FileEnd::Unreadable, "The browser could not read the file after byte 8,816 of 8,816."),
        (FileEnd::NotUnpacked, "Unpack it with gunzip first."),
    ] {
        let ended = begin(&file).apply(end(read(&file, 64).stop(), file.len(), reason));
        assert!(ended.view().is_some());
        assert!(ended.file_end().unwrap().contains(said), "{:?}", ended.file_end());
    }
}

#[test]
fn a_late_result_of_a_file_does_not_overwrite_a_newer_input() {
    let file = bytes("smb3-direct-by-ip.pcapng");
    let late = end(read(&file, 64).finish(), file.len(), FileEnd::Whole);
    let sample = begin(&file).apply(PasteAction::Sample(0));
    assert_eq!(sample.apply(late.clone()), sample);
    assert_eq!(sample.apply(FileAction::ReadOn { bytes: 1, sign_ins: 0 }), sample);
    let read = begin(&file).apply(late.clone());
    assert_eq!(read.apply(late), read, "it ends once");
    assert!(read.apply(PasteAction::Put(Arc::default())).is_empty());
}
