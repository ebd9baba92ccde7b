use crate::{ntlm::Message, proof::primitives::hmac_md5};

/// The MIC of an exchange: HMAC-MD5, under the exported session key, of the three messages, with zeros
/// where the MIC itself stands. `None` where the AUTHENTICATE has no room for one.
///
/// Spec: [MS-NLMP] 3.1.5.1.2.
#[must_use]
pub fn mic(
    exported_session_key: &[u8; 16],
    negotiate: &Message,
    challenge: &Message,
    authenticate: &Message,
) -> Option<[u8; 16]> {
    let mic = authenticate.as_authenticate()?.mic?;
    let before = authenticate.bytes().get(..mic.start)?;
    let after = authenticate.bytes().get(mic.end..)?;
    let parts = [negotiate.bytes(), challenge.bytes(), before, &[0; 16], after];
    Some(hmac_md5(exported_session_key, &parts))
}
