//! Why a ceremony failed. Nothing here quotes what the browser sent.

use thiserror::Error;
use webauthn_rs_core::error::WebauthnError;

/// Why a registration or a proof does not hold.
///
/// The person hears that it did not work, and of [`Self::AlreadyRegistered`] and the policy's
/// refusals why; the slug is for the trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CeremonyError {
    /// The message is larger than any that a browser sends.
    #[error("the message is too large")]
    Oversized,
    /// The message is not what the specification says, in JSON, CBOR or the bytes within.
    #[error("the message is malformed")]
    Malformed,
    /// The ceremony was started too long ago.
    #[error("the ceremony has expired")]
    Expired,
    /// A registration was sent for a proof, or a proof for a registration.
    #[error("the message is of the other ceremony")]
    WrongType,
    /// The challenge is not the one of this ceremony.
    #[error("the challenge is of another ceremony")]
    WrongChallenge,
    /// The page that asked was not ours.
    #[error("the origin is not one of ours")]
    WrongOrigin,
    /// Our page asked from within a page of another site.
    #[error("the ceremony was framed by another site")]
    CrossOrigin,
    /// The authenticator answered for another relying party id.
    #[error("the answer is for another relying party id")]
    WrongRelyingParty,
    /// Nobody touched the authenticator.
    #[error("nobody was present")]
    NotPresent,
    /// The authenticator did not verify the person.
    #[error("the person was not verified")]
    NotVerified,
    /// The credential is not one of those asked for, or not the one on record.
    #[error("the credential was not asked for")]
    UnknownCredential,
    /// The credential belongs to another account, or does not say whose it is.
    #[error("the credential is not this person's")]
    WrongOwner,
    /// The signature does not verify.
    #[error("the signature is wrong")]
    WrongSignature,
    /// The credential would not be found without its id.
    #[error("the credential is not discoverable")]
    NotDiscoverable,
    /// The key is of an algorithm that was not offered.
    #[error("the algorithm was not offered")]
    Algorithm,
    /// The key is not on its curve, or otherwise worth nothing.
    #[error("the public key is unfit")]
    UnfitKey,
    /// The backup flags contradict themselves or the registration.
    #[error("the backup flags are inconsistent")]
    BackupFlags,
    /// The policy wants keys that stay in one device; this one can be synchronised.
    #[error("the credential can leave its device")]
    NotDeviceBound,
    /// The authenticator is registered already.
    #[error("the authenticator is registered already")]
    AlreadyRegistered,
    /// The policy wants attestation, and there is none by a maker.
    #[error("the authenticator is not attested")]
    NotAttested,
    /// The attestation does not verify.
    #[error("the attestation does not hold")]
    BadAttestation,
    /// The attestation is by nobody whom the policy trusts for this model.
    #[error("the attestation is not trusted")]
    UntrustedAttestation,
    /// The policy does not allow this model.
    #[error("the model of the authenticator is not allowed")]
    ModelNotAllowed,
    /// The person's names are empty.
    #[error("a person needs a name and a display name")]
    Nameless,
}

impl CeremonyError {
    /// The word for it in logs, metrics and the trail.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Oversized => "factors.webauthn.oversized",
            Self::Malformed => "factors.webauthn.malformed",
            Self::Expired => "factors.webauthn.expired",
            Self::WrongType => "factors.webauthn.wrong_type",
            Self::WrongChallenge => "factors.webauthn.wrong_challenge",
            Self::WrongOrigin => "factors.webauthn.wrong_origin",
            Self::CrossOrigin => "factors.webauthn.cross_origin",
            Self::WrongRelyingParty => "factors.webauthn.wrong_relying_party",
            Self::NotPresent => "factors.webauthn.not_present",
            Self::NotVerified => "factors.webauthn.not_verified",
            Self::UnknownCredential => "factors.webauthn.unknown_credential",
            Self::WrongOwner => "factors.webauthn.wrong_owner",
            Self::WrongSignature => "factors.webauthn.wrong_signature",
            Self::NotDiscoverable => "factors.webauthn.not_discoverable",
            Self::Algorithm => "factors.webauthn.algorithm",
            Self::UnfitKey => "factors.webauthn.unfit_key",
            Self::BackupFlags => "factors.webauthn.backup_flags",
            Self::NotDeviceBound => "factors.webauthn.not_device_bound",
            Self::AlreadyRegistered => "factors.webauthn.already_registered",
            Self::NotAttested => "factors.webauthn.not_attested",
            Self::BadAttestation => "factors.webauthn.bad_attestation",
            Self::UntrustedAttestation => "factors.webauthn.untrusted_attestation",
            Self::ModelNotAllowed => "factors.webauthn.model_not_allowed",
            Self::Nameless => "factors.webauthn.nameless",
        }
    }
}

impl From<WebauthnError> for CeremonyError {
    /// The library's word in ours. What it says of the form of a message is [`Self::Malformed`],
    /// what it says of an attestation [`Self::BadAttestation`] unless only trust is lacking.
    fn from(error: WebauthnError) -> Self {
        use WebauthnError as E;
        match error {
            E::InvalidClientDataType => Self::WrongType,
            E::MismatchedChallenge => Self::WrongChallenge,
            E::InvalidRPOrigin => Self::WrongOrigin,
            E::CredentialCrossOrigin => Self::CrossOrigin,
            E::InvalidRPIDHash => Self::WrongRelyingParty,
            E::UserNotPresent => Self::NotPresent,
            E::UserNotVerified => Self::NotVerified,
            E::InvalidUsername => Self::Nameless,
            E::CredentialNotFound => Self::UnknownCredential,
            E::AuthenticationFailure | E::SignatureInvalid => Self::WrongSignature,
            E::CredentialAlteredAlgFromRequest
            | E::COSEKeyInvalidType
            | E::COSEKeyInvalidAlgorithm
            | E::COSEKeyEDUnsupported
            | E::SshPublicKeyEDUnsupported => Self::Algorithm,
            E::COSEKeyECDSAXYInvalid
            | E::COSEKeyRSANEInvalid
            | E::COSEKeyECDSAInvalidCurve
            | E::COSEKeyEDDSAXInvalid
            | E::COSEKeyEDDSAInvalidCurve
            | E::EcdsaPointInvalid
            | E::RsaParametersInvalid => Self::UnfitKey,
            E::CredentialMayNotBeHardwareBound | E::CredentialBackupEligibilityInconsistent => {
                Self::BackupFlags
            }
            E::AttestationChainNotTrusted(_)
            | E::AttestationTrustFailure
            | E::AttestationNotVerifiable
            | E::TrustFailure => Self::UntrustedAttestation,
            E::AttestationUntrustedAaguid | E::AttestationFormatMissingAaguid => {
                Self::ModelNotAllowed
            }
            E::AttestationNotSupported
            | E::AttestationStatementMapInvalid
            | E::AttestationStatementResponseMissing
            | E::AttestationStatementResponseInvalid
            | E::AttestationStatementSigMissing
            | E::AttestationStatementSigInvalid
            | E::AttestationStatementVerMissing
            | E::AttestationStatementVerInvalid
            | E::AttestationStatementVerUnsupported
            | E::AttestationStatementX5CMissing
            | E::AttestationStatementX5CInvalid
            | E::AttestationStatementAlgMissing
            | E::AttestationStatementAlgMismatch
            | E::AttestationStatementAlgInvalid
            | E::AttestationCertificateAAGUIDMismatch
            | E::AttestationCertificateNonceMismatch
            | E::AttestationCertificateRequirementsNotMet
            | E::AttestationCredentialSubjectKeyMismatch
            | E::CertificatePublicKeyInvalid
            | E::CertificatePublicKeyAlgorthimMismatch => Self::BadAttestation,
            _ => Self::Malformed,
        }
    }
}
