//! How messages travel: Redirect, POST, SOAP.
