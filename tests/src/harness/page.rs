//! A page as a script without JavaScript sees it: text, links and plain forms.

use scraper::{ElementRef, Html, Selector};
use url::Url;

/// A form, with the values that its page put in.
#[derive(Debug, Clone)]
pub struct Form {
    /// Where it is sent.
    pub action: Url,
    /// `GET` or `POST`.
    pub method: String,
    /// Name and value of every successful control, in order; buttons are not among them.
    pub fields: Vec<(String, String)>,
    /// Names of controls that a person fills in.
    pub inputs: Vec<String>,
    /// Its buttons.
    pub buttons: Vec<Button>,
}

/// A button of a form.
#[derive(Debug, Clone)]
pub struct Button {
    /// What stands on it.
    pub text: String,
    /// Name and value that pressing it adds, if it has a name.
    pub pair: Option<(String, String)>,
}

impl Form {
    /// The form with one control filled in; the control must be there.
    #[must_use]
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        assert!(
            self.inputs.iter().any(|input| input == name)
                || self.fields.iter().any(|(field, _)| field == name),
            "the form has no control `{name}`: {self:?}"
        );
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The form as sent by the button that bears `text`.
    #[must_use]
    pub fn press(mut self, text: &str) -> Self {
        let button = self.buttons.iter().find(|button| button.text.contains(text)).cloned();
        let button = button.unwrap_or_else(|| panic!("no button `{text}`: {self:?}"));
        self.fields.extend(button.pair);
        self
    }

    /// The form as sent by Enter: its first button counts as pressed.
    #[must_use]
    pub fn enter(mut self) -> Self {
        let first = self.buttons.first().and_then(|button| button.pair.clone());
        self.fields.extend(first);
        self
    }

    /// The value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

/// What one request led to.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its address, after redirects.
    pub url: Url,
    /// The HTTP status; 0 for an address at which the visitor was told to stop.
    pub status: u16,
    /// Header names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
    /// The form that was being sent to where the visitor stopped.
    pub posted: Option<Vec<(String, String)>>,
    /// Every request on the way: method, address, status.
    pub trail: Vec<String>,
}

impl Page {
    /// A header's first value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether the visitor stopped here because it was told to.
    pub fn arrived(&self) -> bool {
        self.status == 0
    }

    /// Whether the broker wants another proof before it goes on: one that the person has, or one
    /// to be set up.
    pub fn asks_for_factor(&self) -> bool {
        let steps = ["/factor", "/enrol"];
        let is_step = |path: &str| steps.iter().any(|step| path.contains(step));
        !self.arrived()
            && self.status == 200
            && (self.forms().iter().any(|form| is_step(form.action.path()))
                || self.links().iter().any(|(_, link)| is_step(link.path())))
    }

    /// A parameter of the answer that stopped here, from the query or the posted form.
    pub fn answer(&self, name: &str) -> Option<String> {
        assert!(self.arrived(), "not an answer: {}", self.describe());
        let query = || self.url.query_pairs().map(|(k, v)| (k.into_owned(), v.into_owned()));
        let pairs: Vec<_> = self.posted.clone().unwrap_or_else(|| query().collect());
        let mut found = pairs.into_iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        let first = found.next();
        assert!(found.next().is_none(), "`{name}` twice in {}", self.url);
        first
    }

    /// All text a person reads, white space folded.
    pub fn text(&self) -> String {
        let html = self.html();
        let body = html.select(&selector("body")).next();
        let words = body.map(|body| visible_text(body).join(" ")).unwrap_or_default();
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// An attribute of the first element that a CSS selector finds.
    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        let html = self.html();
        html.select(&selector(css)).next()?.value().attr(name).map(str::to_owned)
    }

    /// The texts of all elements that a CSS selector finds.
    pub fn texts(&self, css: &str) -> Vec<String> {
        self.html().select(&selector(css)).map(text_of).collect()
    }

    /// Every form.
    pub fn forms(&self) -> Vec<Form> {
        let html = self.html();
        html.select(&selector("form")).map(|form| self.read_form(&html, form)).collect()
    }

    /// The form that has a control of this name.
    pub fn form_with(&self, control: &str) -> Form {
        self.forms()
            .into_iter()
            .find(|form| {
                form.inputs.iter().any(|input| input == control) || form.value(control).is_some()
            })
            .unwrap_or_else(|| panic!("no form with `{control}` on {}", self.describe()))
    }

    /// The form that has a button bearing this text.
    pub fn form_by_button(&self, text: &str) -> Option<Form> {
        self.forms()
            .into_iter()
            .find(|form| form.buttons.iter().any(|button| button.text.contains(text)))
    }

    /// The target of the first link that bears this text.
    pub fn link(&self, text: &str) -> Option<Url> {
        self.links().into_iter().find(|(words, _)| words.contains(text)).map(|(_, url)| url)
    }

    /// Every link to another page: its text and its target.
    pub fn links(&self) -> Vec<(String, Url)> {
        let html = self.html();
        html.select(&selector("a[href]:not([href^='#'])"))
            .filter_map(|link| {
                Some((text_of(link), self.url.join(link.value().attr("href")?).ok()?))
            })
            .collect()
    }

    /// Where the page leads by itself at once (`<meta http-equiv=refresh>`).
    pub fn refresh(&self) -> Option<Url> {
        if !self.body.contains("http-equiv") {
            return None;
        }
        let content = self.attribute("meta[http-equiv=refresh i]", "content")?;
        let (seconds, target) = content.split_once(';')?;
        let target = target.trim().strip_prefix("url=")?;
        (seconds.trim() == "0").then(|| self.url.join(target).expect("a refresh"))
    }

    /// Every address that the page makes a browser load by itself.
    pub fn resources(&self) -> Vec<Url> {
        let html = self.html();
        html.select(&selector("[src], link[href], object[data], [poster]"))
            .filter_map(|element| {
                ["src", "href", "data", "poster"].iter().find_map(|key| element.value().attr(key))
            })
            .filter_map(|address| self.url.join(address).ok())
            .collect()
    }

    /// Status, address, text and way here, for the message of a failed test.
    pub fn describe(&self) -> String {
        let text: String = self.text().chars().take(600).collect();
        format!("{} {}\n  {text}\n  {}", self.status, self.url, self.trail.join("\n  "))
    }

    fn html(&self) -> Html {
        Html::parse_document(&self.body)
    }

    fn read_form(&self, html: &Html, form: ElementRef<'_>) -> Form {
        let here = form.value();
        let action = self.url.join(here.attr("action").unwrap_or_default()).expect("an action");
        let method = here.attr("method").unwrap_or("get").to_ascii_uppercase();
        let mut read = Form { action, method, fields: vec![], inputs: vec![], buttons: vec![] };
        for control in form.select(&selector("input, select, textarea, button")) {
            read_control(control, &mut read);
        }
        if let Some(id) = here.attr("id") {
            let outside = format!("button[form='{id}'], input[form='{id}']");
            html.select(&selector(&outside)).for_each(|control| read_control(control, &mut read));
        }
        read
    }
}

fn read_control(control: ElementRef<'_>, form: &mut Form) {
    let element = control.value();
    let name = element.attr("name").map(str::to_owned);
    let value = element.attr("value").unwrap_or_default().to_owned();
    if element.attr("disabled").is_some() {
        return;
    }
    let kind = element.attr("type").unwrap_or(match element.name() {
        "button" => "submit",
        _ => "text",
    });
    match (element.name(), kind) {
        (_, "submit" | "image") => {
            let text = if element.name() == "button" { text_of(control) } else { value.clone() };
            form.buttons.push(Button { text, pair: name.map(|name| (name, value)) });
        }
        (_, "button" | "reset") => {}
        ("select", _) => {
            let Some(name) = name else { return };
            let options = selector("option");
            let chosen = control
                .select(&options)
                .find(|option| option.value().attr("selected").is_some())
                .or_else(|| control.select(&options).next());
            let value = chosen.map(|option| {
                option.value().attr("value").map_or_else(|| text_of(option), str::to_owned)
            });
            form.inputs.push(name.clone());
            form.fields.extend(value.map(|value| (name, value)));
        }
        ("textarea", _) => {
            let Some(name) = name else { return };
            form.inputs.push(name.clone());
            form.fields.push((name, text_of(control)));
        }
        (_, "checkbox" | "radio") => {
            let Some(name) = name else { return };
            form.inputs.push(name.clone());
            if element.attr("checked").is_some() {
                form.fields.push((name, element.attr("value").unwrap_or("on").to_owned()));
            }
        }
        _ => {
            let Some(name) = name else { return };
            if kind != "hidden" {
                form.inputs.push(name.clone());
            }
            form.fields.push((name, value));
        }
    }
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|_| panic!("`{css}` is no CSS selector"))
}

fn text_of(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn visible_text(element: ElementRef<'_>) -> Vec<String> {
    let mut words = vec![];
    for child in element.children() {
        if let Some(text) = child.value().as_text() {
            words.push(text.to_string());
        } else if let Some(inner) = ElementRef::wrap(child)
            && !["script", "style", "template"].contains(&inner.value().name())
        {
            words.extend(visible_text(inner));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> Page {
        Page {
            url: "http://localhost/a/b".parse().unwrap(),
            status: 200,
            headers: vec![],
            body: body.to_owned(),
            posted: None,
            trail: vec![],
        }
    }

    #[test]
    fn a_form_is_read_as_a_browser_would_send_it() {
        let page = page(
            "<form method=post action='../c?x=1'><input type=hidden name=t value='a&amp;b'>\
             <input name=username><input type=password name=password>\
             <input type=checkbox name=stay><button name=go value=1>Sign in</button></form>",
        );
        let form = page.form_with("username").fill("username", "eve").press("Sign in");
        assert_eq!(form.action.as_str(), "http://localhost/c?x=1");
        let sent: Vec<_> = form.fields.iter().map(|(k, v)| format!("{k}={v}")).collect();
        assert_eq!(sent, ["t=a&b", "password=", "username=eve", "go=1"]);
    }

    #[test]
    fn scripts_are_no_text() {
        assert_eq!(page("<p>Hello <b>you</b><script>x()</script>").text(), "Hello you");
    }
}
