//! SES: attacks on sessions, cookies and what a browser does with our pages, over HTTP and in
//! Chromium. Those on single parts (cookies, devices, echoed texts) are beside the parts.

mod ses_01_fixation;
mod ses_04_cookies;
mod ses_15_headers;
mod ses_18_browser;
mod ses_20_paths;
