//! Files of the theme: their names hold a hash of what is in them, so they never change.

use axum::{
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, Uri};

use crate::App;

/// `GET /static/{path}`
pub(crate) async fn asset(State(app): State<App>, uri: Uri) -> Response {
    let Some(asset) = app.pages.theme().asset(uri.path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let content = match asset.content() {
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => Bytes::copy_from_slice(bytes),
    };
    let mut response = Response::new(Body::from(content));
    for (name, value) in asset.headers() {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}
