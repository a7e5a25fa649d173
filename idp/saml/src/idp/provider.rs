//! Our own names and addresses, as service providers know them.

/// What service providers know of us: it stands in our metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Our entity ID.
    pub entity_id: String,
    /// Where requests come by the Redirect binding.
    pub sso_redirect: String,
    /// Where requests come by the POST binding.
    pub sso_post: String,
    /// The domain within which our `subject-id` and `pairwise-id` values are one person's.
    pub scope: String,
}
