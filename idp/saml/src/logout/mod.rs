//! Single logout messages, both roles.
