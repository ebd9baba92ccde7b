//! The questions that an AUTHENTICATE leaves open if the paste ends inside it: its target name, its
//! response, its MIC.

use super::{Authenticate, MicState, at};
use crate::base::span::Source;
use crate::message::{
    ntlm::{ResponseKind, payload::payload_start},
    wire::{AvFlags, AvId},
};

impl Authenticate {
    /// Returns true if the paste ends before what the server looks at to answer: the target name,
    /// what the proof is computed over, or what the MIC covers.
    #[must_use]
    pub fn is_undecided(&self, message: Source<'_>) -> bool {
        self.missing.is_some()
            && (self.is_target_name_cut_off()
                || self.is_proof_cut_off()
                || self.is_mic_uncovered(message))
    }

    /// Says in one sentence what a message that is cut leaves open.
    pub(in crate::message::ntlm) fn untold(&self, message: Source<'_>) -> String {
        let untold: Vec<_> = [
            ("the target name", self.is_target_name_cut_off()),
            ("the response", self.is_proof_cut_off()),
            ("the MIC", self.is_mic_uncovered(message)),
        ]
        .into_iter()
        .filter_map(|(what, is_untold)| is_untold.then_some(what))
        .collect();
        match untold.as_slice() {
            [] => "Everything that a server needs for its answer is there.".to_owned(),
            [one] => format!("The part that is there does not hold all of {one}."),
            [others @ .., last] => {
                format!(
                    "The part that is there does not hold all of {} and {last}.",
                    others.join(", ")
                )
            }
        }
    }

    /// Returns true if the paste ends before the response does, or before its pointer.
    fn is_response_cut_off(&self) -> bool {
        self.missing.is_some() && self.nt_challenge_response.is_none_or(|field| field.is_cut())
    }

    /// Returns true if the pair is there as a whole, or is known not to be.
    fn is_pair_told(&self, id: AvId) -> bool {
        !self.is_response_cut_off()
            || self.av_pairs().is_some_and(|pairs| {
                pairs.is_whole() || pairs.first(id).is_some_and(|pair| !pair.is_cut())
            })
    }

    pub(super) fn is_target_name_cut_off(&self) -> bool {
        match self.response_kind {
            ResponseKind::CutOff => true,
            // MsvAvFlags says whether a name that is there counts.
            ResponseKind::Ntlmv2 => {
                !self.is_pair_told(AvId::MsvAvTargetName) || !self.is_pair_told(AvId::MsvAvFlags)
            }
            _ => false,
        }
    }

    /// Returns true if something is missing that the proof is computed over or compared with.
    pub(crate) fn is_proof_cut_off(&self) -> bool {
        let needed = [
            self.lm_challenge_response,
            self.nt_challenge_response,
            self.domain_name,
            self.user_name,
        ];
        let is_cut = needed.iter().any(|field| field.is_none_or(|field| field.is_cut()));
        self.missing.is_some() && (self.flags.is_none() || is_cut)
    }

    /// Returns true if the paste ends before what announces a MIC. Only an NTLMv2 response can.
    fn is_announcement_cut_off(&self) -> bool {
        match self.response_kind {
            ResponseKind::CutOff => true,
            ResponseKind::Ntlmv2 => !self.is_pair_told(AvId::MsvAvFlags),
            _ => false,
        }
    }

    pub(super) fn is_mic_cut_off(&self, message: Source<'_>) -> bool {
        let Some(missing) = self.missing else { return false };
        // The room for it is known from where the payload begins, which all pointers tell together.
        let mic_end = at::MIC + 16;
        let is_room_told = self.flags.is_some()
            && (missing.have >= mic_end || payload_start(message, self.pointers()) < missing.have);
        self.is_announcement_cut_off() || !is_room_told
    }

    /// Returns true if a MIC is announced, as far as is known, that is missing or covers bytes that
    /// are.
    fn is_mic_uncovered(&self, message: Source<'_>) -> bool {
        let is_announced = self.av_flags(message).contains(AvFlags::MIC);
        let is_uncovered =
            || matches!(self.mic_state(message), MicState::CutOff | MicState::Present(_));
        self.missing.is_some() && (self.is_announcement_cut_off() || is_announced && is_uncovered())
    }
}
