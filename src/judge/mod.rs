//! The judgement of a receiver on a statement: the proof and the MIC, the check of the target name,
//! the events, and what would change the answer.

pub mod agreement;
pub mod events;
pub mod imports;
pub mod proof;
pub mod remedies;
pub mod smb;
