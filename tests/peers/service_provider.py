"""SAML service providers by PyPI's pysaml2, driven by links: for a person in a browser and a script.

One process serves several providers, each below /NAME. Settings come as JSON in the first argument:
{"port", "idp": URL of the identity provider's metadata, "folder", "providers": [{"name", "key",
"cert", ...}]}. Every page carries what happened as JSON in <pre id=told>.
"""
import base64
import json
import logging
import sys
import threading
import traceback
import urllib.request
from html import escape
from http import cookies
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from saml2 import BINDING_HTTP_POST as POST, BINDING_HTTP_REDIRECT as REDIRECT, BINDING_SOAP as SOAP
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.ident import code, decode
from saml2.metadata import create_metadata_string
from saml2.request import LogoutRequest
from saml2.samlp import NameIDPolicy

logging.disable(logging.CRITICAL)
SETTINGS = json.loads(sys.argv[1])
BASE = "http://127.0.0.1:%d" % SETTINGS["port"]
BINDINGS = {"redirect": REDIRECT, "post": POST, "soap": SOAP}
# No proxy of the machine has any business on loopback.
FETCH = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Provider:
    """One entity: its configuration, its client once the peer's metadata is there, its people."""

    def __init__(self, settings):
        self.name, self.settings = settings["name"], settings
        self.base = "%s/%s" % (BASE, self.name)
        self.waiting, self.lock = {}, threading.Lock()
        self.made = None
        self.seen = []

    def config(self, metadata=None):
        mine, base = self.settings, self.base
        slo = mine.get("slo", ["redirect", "post", "soap"])
        config = {
            "entityid": base + "/metadata",
            "xmlsec_binary": "/usr/bin/xmlsec1",
            "key_file": mine["key"],
            "cert_file": mine["cert"],
            "accepted_time_diff": 60,
            "service": {"sp": {
                "name": "Provider " + self.name,
                "endpoints": {
                    "assertion_consumer_service": [
                        (base + "/acs", POST, 0), (base + "/acs2", POST, 1)],
                    "single_logout_service": [
                        ("%s/slo/%s" % (base, how), BINDINGS[how]) for how in slo],
                },
                "authn_requests_signed": mine.get("signed", True),
                "logout_requests_signed": True,
                "logout_responses_signed": True,
                "want_assertions_signed": True,
                "want_response_signed": True,
                "allow_unsolicited": mine.get("unsolicited", False),
                "allow_unknown_attributes": True,
                "name_id_policy_format": None,
                "signing_algorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                "digest_algorithm": "http://www.w3.org/2001/04/xmlenc#sha256",
                **{key: mine[key] for key in ("required_attributes", "optional_attributes")
                   if key in mine},
            }},
        }
        if mine.get("encrypt"):
            pair = {"key_file": mine["key"], "cert_file": mine["cert"]}
            config["encryption_keypairs"] = [pair]
        if metadata:
            config["metadata"] = {"inline": [metadata]}
        return SPConfig().load(config)

    @property
    def client(self):
        with self.lock:
            if self.made is None:
                metadata = FETCH.open(SETTINGS["idp"], timeout=10).read().decode()
                self.made = Saml2Client(self.config(metadata))
            return self.made

    @property
    def peer(self):
        return list(self.client.metadata.identity_providers())[0]

    def metadata(self):
        return create_metadata_string(None, config=self.config(), valid="24")

    def login(self, asked):
        """The AuthnRequest that the parameters describe."""
        one = lambda name: (asked.get(name) or [None])[0]
        binding = BINDINGS[one("binding") or "redirect"]
        more = {}
        if one("force"):
            more["force_authn"] = "true"
        if one("passive"):
            more["is_passive"] = "true"
        if one("format"):
            more["name_id_policy"] = NameIDPolicy(
                format=one("format"), allow_create="true",
                sp_name_qualifier=one("qualifier"))
        if asked.get("context"):
            more["requested_authn_context"] = {
                "authn_context_class_ref": asked["context"],
                "comparison": one("comparison") or "exact"}
        if one("acs"):
            more["assertion_consumer_service_url"] = one("acs")
        if one("acs_index"):
            more["assertion_consumer_service_index"] = one("acs_index")
        sign = self.settings.get("signed", True) and not one("unsigned")
        request, info = self.client.prepare_for_authenticate(
            self.peer, relay_state=one("relay") or "", binding=binding, response_binding=POST,
            sign=sign, **more)
        self.waiting[request] = "/"
        return info

    def consume(self, form):
        """What an answer at the ACS says, or why it says nothing."""
        raw = form["SAMLResponse"][0]
        told = {"relay_state": (form.get("RelayState") or [None])[0], "raw": raw}
        text = base64.b64decode(raw).decode()
        told["encrypted"] = "EncryptedAssertion" in text
        try:
            answer = self.client.parse_authn_request_response(raw, POST, self.waiting)
        except Exception as error:
            return {**told, "error": type(error).__name__, "why": str(error)}, None
        info, name = answer.session_info(), answer.name_id
        statement = answer.assertion.authn_statement[0]
        self.waiting.pop(answer.in_response_to, None)
        data = answer.assertion.subject.subject_confirmation[0].subject_confirmation_data
        told.update(
            name_id=name.text, format=name.format, name_qualifier=name.name_qualifier,
            sp_name_qualifier=name.sp_name_qualifier, attributes=answer.ava,
            issuer=answer.issuer(), in_response_to=answer.in_response_to,
            session_index=info.get("session_index"),
            context=statement.authn_context.authn_context_class_ref.text,
            authorities=[one.text for one in statement.authn_context.authenticating_authority],
            authn_instant=statement.authn_instant, recipient=data.recipient,
            session_until=statement.session_not_on_or_after)
        return told, code(name)

    def signed_in(self, name):
        return name is not None and self.client.is_logged_in(decode(name))

    def logout(self, name, how):
        client = self.client
        answers = client.do_logout(
            decode(name), [self.peer], "urn:oasis:names:tc:SAML:2.0:logout:user", None,
            expected_binding=BINDINGS[how])
        answer = answers[self.peer]
        if how == "soap":
            client.local_logout(decode(name))
            return {"soap": answer.status_ok()}
        return answer

    def asked_out(self, form, how, query=""):
        """A LogoutRequest came in."""
        message = form["SAMLRequest"][0]
        text = self.client.unravel(message, BINDINGS[how], LogoutRequest.msgtype)
        return self.answer_out(message, how, form, text)

    def answer_out(self, message, how, form, text):
        one = lambda name: (form.get(name) or [None])[0]
        signed = {}
        if how == "redirect":
            signed = {"sigalg": one("SigAlg"), "signature": one("Signature")}
        request = self.client.parse_logout_request(
            message, BINDINGS[how], relay_state=one("RelayState"), **signed)
        name = request.message.name_id
        indexes = [index.text for index in request.message.session_index]
        known = self.client.is_logged_in(name)
        raw = text.decode() if isinstance(text, bytes) else text
        self.seen.append({"logout": how, "name_id": name.text, "known": known,
                          "session_indexes": indexes, "raw": raw})
        return self.client.handle_logout_request(
            message, name, BINDINGS[how], relay_state=one("RelayState"), **signed)

    def answered_out(self, message, how):
        """A LogoutResponse came in."""
        answer = self.client.parse_logout_request_response(message, BINDINGS[how])
        status = answer.response.status.status_code
        told = {"status": status.value.rsplit(":", 1)[-1],
                "second": status.status_code and status.status_code.value.rsplit(":", 1)[-1]}
        self.client.handle_logout_response(answer)
        self.seen.append({"answer": how, **told})
        return told


PROVIDERS = {settings["name"]: Provider(settings) for settings in SETTINGS["providers"]}


class Door(BaseHTTPRequestHandler):
    """HTTP in and out."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def page(self, told, status=200, cookie=None):
        links = "".join(
            "<li><a id='%s' href='%s'>%s</a>" % (name, escape(target, quote=True), text)
            for name, target, text in [
                ("sign-in", "login", "Sign in"), ("sign-out", "logout", "Sign out")])
        # A reader that folds white space must not change what is told.
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("  ", " \\u0020")
        body = ("<!doctype html><html lang=en><meta charset=utf-8><title>Provider</title>"
                "<h1>Provider</h1><pre id=told>%s</pre><ul>%s</ul>"
                % (escape(text), links))
        self.send(status, body, "text/html; charset=utf-8", cookie)

    def send(self, status, body, kind, cookie=None, headers=()):
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("cache-control", "no-store")
        if cookie is not None:
            self.send_header("set-cookie", "sp_%s=%s; Path=/; HttpOnly; SameSite=Lax%s" % (
                self.provider.name, base64.urlsafe_b64encode(cookie.encode()).decode(),
                "" if cookie else "; Max-Age=0"))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def hand_over(self, info):
        """A message by redirect or by a form; pysaml2's form sends itself by script."""
        location = dict(info["headers"]).get("Location")
        if location:
            self.send(303, "", "text/plain", headers=[("location", location)])
        else:
            data = info["data"]
            body = "".join(data) if isinstance(data, list) else data
            self.send(200, body, "text/html; charset=utf-8")

    @property
    def person(self):
        jar = cookies.SimpleCookie(self.headers.get("cookie", ""))
        kept = jar.get("sp_" + self.provider.name)
        return base64.urlsafe_b64decode(kept.value).decode() if kept and kept.value else None

    def do_GET(self):
        self.act(urlsplit(self.path).query, b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.act(urlsplit(self.path).query, body)

    def act(self, query, body):
        words = urlsplit(self.path).path.strip("/").split("/")
        self.provider = PROVIDERS.get(words[0])
        if self.provider is None:
            return self.send(404, "", "text/plain")
        asked = parse_qs(query, keep_blank_values=True)
        try:
            self.route("/".join(words[1:]), asked, body)
        except Exception as error:
            traceback.print_exc()
            self.page({"error": type(error).__name__, "why": str(error)}, 500)

    def route(self, path, asked, body):
        mine = self.provider
        form = lambda: parse_qs(body.decode(), keep_blank_values=True)
        if path == "metadata":
            self.send(200, mine.metadata(), "application/samlmetadata+xml")
        elif path == "login":
            self.hand_over(mine.login(asked))
        elif path in ("acs", "acs2"):
            told, name = mine.consume(form())
            self.page({**told, "acs": path}, 200 if name else 403, name)
        elif path == "logout":
            if not mine.signed_in(self.person):
                return self.page({"signed_in": False})
            answer = mine.logout(self.person, (asked.get("binding") or ["redirect"])[0])
            if isinstance(answer, dict):
                return self.page(answer, cookie="")
            self.hand_over(answer[1])
        elif path == "slo/soap":
            text = mine.client.unravel(body, SOAP, LogoutRequest.msgtype)
            info = mine.answer_out(body, "soap", {}, text)
            self.send(200, info["data"], "text/xml")
        elif path in ("slo/redirect", "slo/post"):
            how = path.rsplit("/", 1)[-1]
            fields = asked if how == "redirect" else form()
            if "SAMLRequest" in fields:
                self.hand_over(mine.asked_out(fields, how))
            else:
                self.page(mine.answered_out(fields["SAMLResponse"][0], how), cookie="")
        elif path == "":
            self.page({"signed_in": mine.signed_in(self.person), "seen": mine.seen})
        else:
            self.send(404, "", "text/plain")


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", SETTINGS["port"]), Door)
    server.daemon_threads = True
    print("ready %s" % BASE, flush=True)
    server.serve_forever()
