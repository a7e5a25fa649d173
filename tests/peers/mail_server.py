"""A mail server by PyPI's aiosmtpd, which keeps what it is handed and refuses what it is told to.

Settings come as JSON in the first argument: {"port": 0 for any, "tls": "none", "starttls" or
"implicit", "certificate", "key", "user", "password", "greeting": a line to greet with and hang up,
"refuse_sender": an answer to every sender}. The name of a recipient says how that one fares:
later@, never@, junk@ and drop@. Each letter that was accepted is a line of JSON,
with what Python's own reader makes of it.
"""
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

SETTINGS = json.loads(sys.argv[1])
TLS = SETTINGS.get("tls", "none")
AT_RCPT = {"later": "451 4.3.0 come back later", "never": "550 5.1.1 <%s>: nobody of that name"}


class Handler:
    """What becomes of letters."""

    async def handle_MAIL(self, server, session, envelope, address, options):
        if "refuse_sender" in SETTINGS:
            return SETTINGS["refuse_sender"]
        envelope.mail_from = address
        return "250 2.1.0 fine"

    async def handle_RCPT(self, server, session, envelope, address, options):
        refusal = AT_RCPT.get(address.split("@")[0])
        if refusal:
            return refusal.replace("%s", address)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0].split("@")[0]
        if name == "junk":
            return "554 5.7.1 we do not like it"
        if name == "drop":
            server.transport.abort()
            return "250 never heard"
        read = email.message_from_bytes(envelope.content, policy=email.policy.default)
        letter = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None or TLS == "implicit",
            "user": session.auth_data if isinstance(session.auth_data, str) else None,
            "hello": session.host_name,
            "message": envelope.content.decode(),
            "subject": read["subject"],
            "sender": str(read["from"].addresses[0].display_name),
            "plain": read.get_body(["plain"]).get_content(),
            "html": read.get_body(["html"]).get_content(),
            "defects": [str(defect) for part in read.walk() for defect in part.defects],
        }
        print(json.dumps(letter), flush=True)
        return "250 2.0.0 kept"


def authenticate(server, session, envelope, mechanism, data):
    """The one person that this server knows."""
    user, password = data.login.decode(), data.password.decode()
    known = (user, password) == (SETTINGS["user"], SETTINGS["password"])
    return AuthResult(success=known, handled=known, auth_data=user)


def context():
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(SETTINGS["certificate"], SETTINGS["key"])
    return made


def protocol():
    options = {}
    if TLS == "starttls":
        options = {"tls_context": context(), "require_starttls": True}
    if "user" in SETTINGS:
        options |= {"authenticator": authenticate, "auth_required": True}
        options["auth_require_tls"] = TLS == "starttls"
    return SMTP(Handler(), hostname="mail.example", enable_SMTPUTF8=True, **options)


async def hang_up(reader, writer):
    writer.write(SETTINGS["greeting"].encode() + b"\r\n")
    await writer.drain()
    writer.close()


async def main():
    loop, port = asyncio.get_running_loop(), SETTINGS.get("port", 0)
    if "greeting" in SETTINGS:
        server = await asyncio.start_server(hang_up, "127.0.0.1", port)
    else:
        tls = context() if TLS == "implicit" else None
        server = await loop.create_server(protocol, "127.0.0.1", port, ssl=tls)
    print("ready smtp %d" % server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
