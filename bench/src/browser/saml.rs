//! What a browser does between SAML peers: it carries messages, and withholds its cookies from
//! forms that come from another site.

use std::mem;

use anyhow::{Context as _, Result, bail, ensure};
use http::header::COOKIE;

use super::{Browser, Jar, STEPS, parameter, request as authorization};
use crate::connection::Answer;
use crate::saml::{self, IDP_HOME, IDP_SOURCE, Keys, Question, Told};

/// What is asked of the source's people.
const SCOPE: &str = "openid%20profile%20email";

/// Something made ahead of time, so that the driver's own work does not stand in the way.
pub(crate) struct Ahead {
    pub(crate) path: String,
    /// A form of another site, and the cookies of the browser to which it belongs.
    pub(crate) form: Option<(String, Jar)>,
}

impl Browser {
    /// Makes so many requests of `service`; `hinted` ones name the SAML source.
    pub(crate) fn make_requests(
        &mut self,
        service: Told,
        hinted: bool,
        count: usize,
    ) -> Result<()> {
        for _ in 0..count {
            let path = saml::request(&self.base, service, hinted)?;
            self.ahead.push_back(Ahead { path, form: None });
        }
        Ok(())
    }

    /// Begins so many logins, each in a fresh browser, and makes the source's answers to them.
    pub(crate) async fn make_answers(&mut self, count: usize) -> Result<()> {
        for _ in 0..count {
            let (question, jar) = self.begin().await?;
            let answer = saml::answer(&self.keys, &question)?;
            self.ahead.push_back(Ahead { path: question.path()?, form: Some((answer, jar)) });
        }
        Ok(())
    }

    /// A login in a fresh browser, as far as the source.
    pub(crate) async fn begin(&mut self) -> Result<(Question, Jar)> {
        let (path, _) = authorization(SCOPE)?;
        let own = mem::take(&mut self.jar);
        let question = self.led_to_source(&format!("{path}&idp_hint={IDP_SOURCE}")).await;
        let jar = mem::replace(&mut self.jar, own);
        Ok((question?, jar))
    }

    /// With a session: a request, and a Response to it.
    pub(crate) async fn sign_on(&mut self) -> Result<()> {
        let Ahead { path, .. } = self.ahead.pop_front().context("no request is left")?;
        let headers = [(COOKIE, self.jar.line.as_str())];
        let answer = self.connection.send(&path, &headers, None).await?;
        ensure!(saml::is_yes(answer.text(200)?)?, "the service is told no");
        Ok(())
    }

    /// A signed Response to a login that waits for it, as far as the code.
    pub(crate) async fn consume(&mut self) -> Result<()> {
        let next = self.ahead.pop_front().context("no answer is left")?;
        let (form, jar) = next.form.context("a request is no answer")?;
        let own = mem::replace(&mut self.jar, jar);
        let answer = self.bring(&next.path, form).await;
        self.jar = own;
        let answer = answer?;
        let location = answer.location()?;
        parameter(location, "code").with_context(|| format!("no code: {location}")).map(drop)
    }

    /// A login of a fresh browser: the relying party, the SAML source, the relying party, tokens.
    pub(crate) async fn round(&mut self) -> Result<()> {
        let (path, verifier) = authorization(SCOPE)?;
        let answer = self.fresh_round(&format!("{path}&idp_hint={IDP_SOURCE}")).await?;
        self.redeem(answer.location()?, &verifier).await
    }

    /// A login of a fresh browser: the service, the SAML source, the service.
    pub(crate) async fn round_between_services(&mut self) -> Result<()> {
        let Ahead { path, .. } = self.ahead.pop_front().context("no request is left")?;
        let answer = self.fresh_round(&path).await?;
        ensure!(saml::is_yes(answer.text(200)?)?, "the service is told no");
        Ok(())
    }

    /// Sends `ahead` as somebody would who means harm: with cookies, so that it is judged at once.
    pub(crate) async fn send(&mut self, ahead: &Ahead) -> Result<u16> {
        let (form, line) = match &ahead.form {
            Some((form, jar)) => (Some(form.clone()), jar.line.as_str()),
            None => (None, ""),
        };
        let headers = [(COOKIE, line)];
        let headers = if line.is_empty() { &[][..] } else { &headers[..] };
        Ok(self.connection.send(&ahead.path, headers, form).await?.status)
    }

    /// What the SAML peers sign with.
    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    async fn fresh_round(&mut self, path: &str) -> Result<Answer> {
        let own = mem::take(&mut self.jar);
        let answer = self.through_source(path).await;
        self.jar = own;
        answer
    }

    async fn through_source(&mut self, path: &str) -> Result<Answer> {
        let question = self.led_to_source(path).await?;
        let form = saml::answer(&self.keys, &question)?;
        self.bring(&question.path()?, form).await
    }

    async fn led_to_source(&mut self, path: &str) -> Result<Question> {
        let mut answer = self.visit(path, None).await?;
        for _ in 0..STEPS {
            let location = answer.location()?.to_owned();
            if location.starts_with(IDP_HOME) {
                return Question::read(&location);
            }
            answer = self.visit(&location, None).await?;
        }
        bail!("nobody is led to the source after {STEPS} steps")
    }

    /// Brings the form of another site: our cookies are `SameSite=Lax`, and come only with the
    /// request that follows.
    async fn bring(&mut self, path: &str, form: String) -> Result<Answer> {
        let aside = self.connection.send(path, &[], Some(form)).await?;
        self.visit(aside.location()?, None).await
    }
}
