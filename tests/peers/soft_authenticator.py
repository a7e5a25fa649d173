"""Authenticators in software, made of Yubico's fido2: they answer what a browser would pass on,
and anything else that a test wants to be wrong. One JSON object a line, in and out.

{"op": "new", "aaguid": hex, "be": bool, "bs": bool}             -> {"device": n}
{"op": "create", "device": n, "options": …, "origin": …, "change": {…}} -> a PublicKeyCredential
{"op": "get", "device": n, "options": …, "origin": …, "change": {…}}    -> a PublicKeyCredential
{"op": "metadata", "models": {aaguid: [status, …]}}  -> a file of FIDO MDS3 that trusts their maker

`change` may hold: type, origin, challenge, cross_origin, client_data (the whole text), uv, up, be,
bs, counter, user_handle, id, rp_id, attest ("none", "self", "maker"), alg (-7, -8, -35, -257),
key (CBOR in base64url), trailing (bytes after the authenticator data), object (the whole
attestation object), signature.
"""

import base64
import datetime
import hashlib
import json
import os
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.webauthn import AuthenticatorData


def b64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Device:
    def __init__(self, ask):
        self.aaguid = bytes.fromhex(ask.get("aaguid", "00" * 16))
        self.be, self.bs = ask.get("be", False), ask.get("bs", False)
        self.id, self.key, self.alg, self.user, self.counter = None, None, -7, None, 0

    def draw(self, alg):
        self.alg, self.id = alg, os.urandom(32)
        if alg == -8:
            self.key = ed25519.Ed25519PrivateKey.generate()
        elif alg == -257:
            self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        elif alg == -35:
            self.key = ec.generate_private_key(ec.SECP384R1())
        else:
            self.key = ec.generate_private_key(ec.SECP256R1())

    def sign(self, data, key=None):
        key = key or self.key
        if self.alg == -8:
            return key.sign(data)
        if self.alg == -257:
            return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return key.sign(data, ec.ECDSA(hashes.SHA384() if self.alg == -35 else hashes.SHA256()))

    def flags(self, change, more):
        flag = AuthenticatorData.FLAG
        flags = flag(0)
        for name, bit, usual in (
            ("up", flag.UP, True),
            ("uv", flag.UV, True),
            ("be", flag.BE, self.be),
            ("bs", flag.BS, self.bs),
        ):
            flags |= bit if change.get(name, usual) else flag(0)
        return flags | more

    def client_data(self, kind, challenge, origin, change):
        if "client_data" in change:
            return change["client_data"].encode()
        data = {
            "type": change.get("type", kind),
            "challenge": change.get("challenge", challenge),
            "origin": change.get("origin", origin),
            "crossOrigin": change.get("cross_origin", False),
        }
        return json.dumps(data, separators=(",", ":")).encode()

    def create(self, options, origin, change):
        options = options["publicKey"]
        self.draw(change.get("alg", -7))
        if "id" in change:
            self.id = unb64(change["id"])
        self.user = unb64(options["user"]["id"])
        self.counter = change.get("counter", 0)
        client_data = self.client_data("webauthn.create", options["challenge"], origin, change)
        rp_id = change.get("rp_id", options["rp"]["id"])
        public = self.key.public_key()
        key = unb64(change["key"]) if "key" in change else cbor.encode(
            dict(CoseKey.for_alg(self.alg).from_cryptography_key(public)))
        attested = self.aaguid + len(self.id).to_bytes(2, "big") + self.id + key
        data = (
            hashlib.sha256(rp_id.encode()).digest()
            + bytes([self.flags(change, AuthenticatorData.FLAG.AT)])
            + self.counter.to_bytes(4, "big")
            + attested
            + unb64(change.get("trailing", ""))
        )
        statement, form = self.statement(data, client_data, change.get("attest", "none"))
        made = cbor.encode({"fmt": form, "attStmt": statement, "authData": data})
        if "object" in change:
            made = unb64(change["object"])
        return self.answer(client_data, {
            "attestationObject": b64(made),
            "transports": ["internal"],
        }, {"credProps": {"rk": change.get("rk", True)}})

    def statement(self, data, client_data, how):
        if how == "none":
            return {}, "none"
        signed = data + hashlib.sha256(client_data).digest()
        if how == "self":
            return {"alg": self.alg, "sig": self.sign(signed)}, "packed"
        certificate, key = MAKER.leaf(self.aaguid)
        signature = key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return {"alg": -7, "sig": signature, "x5c": [certificate]}, "packed"

    def get(self, options, origin, change):
        options = options["publicKey"]
        self.counter = change.get("counter", self.counter + 1)
        client_data = self.client_data("webauthn.get", options["challenge"], origin, change)
        rp_id = change.get("rp_id", options.get("rpId"))
        data = (
            hashlib.sha256(rp_id.encode()).digest()
            + bytes([self.flags(change, AuthenticatorData.FLAG(0))])
            + self.counter.to_bytes(4, "big")
            + unb64(change.get("trailing", ""))
        )
        signature = self.sign(data + hashlib.sha256(client_data).digest())
        if "signature" in change:
            signature = unb64(change["signature"])
        handle = change.get("user_handle", b64(self.user))
        answer = self.answer(client_data, {
            "authenticatorData": b64(data),
            "signature": b64(signature),
            "userHandle": handle,
        }, {})
        if "id" in change:
            answer["id"] = answer["rawId"] = change["id"]
        return answer

    def answer(self, client_data, response, extensions):
        return {
            "id": b64(self.id),
            "rawId": b64(self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "response": {"clientDataJSON": b64(client_data), **response},
            "clientExtensionResults": extensions,
        }


class Maker:
    """A maker of authenticators: a root, and a certificate for each model."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CH"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test Makers"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Test Makers Root"),
        ])
        self.root = self.certificate(self.name, self.key.public_key(), True, None)

    def certificate(self, subject, public, is_ca, aaguid, host=None):
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(
                digital_signature=not is_ca, key_cert_sign=is_ca, crl_sign=is_ca,
                content_commitment=False, key_encipherment=False, data_encipherment=False,
                key_agreement=False, encipher_only=False, decipher_only=False,
            ), critical=True)
        )
        if aaguid is not None:
            # id-fido-gen-ce-aaguid (WebAuthn section 8.2.1): an octet string within one.
            oid = x509.ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4")
            value = x509.UnrecognizedExtension(oid, b"\x04\x10" + aaguid)
            builder = builder.add_extension(value, critical=False)
        if host is not None:
            names = x509.SubjectAlternativeName([x509.DNSName(host)])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def leaf(self, aaguid):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CH"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test Makers"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Authenticator Attestation"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Test Model"),
        ])
        made = self.certificate(subject, key.public_key(), False, aaguid)
        return made.public_bytes(serialization.Encoding.DER), key

    def metadata(self, models):
        """What a metadata service of ours says of models, signed for our own root."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SERVICE)])
        signer = self.certificate(subject, key.public_key(), False, None, SERVICE)
        text = lambda one: base64.b64encode(one.public_bytes(serialization.Encoding.DER)).decode()
        entries = [{
            "aaguid": aaguid,
            "metadataStatement": {
                "description": "Test Model",
                "aaguid": aaguid,
                "keyProtection": ["hardware"],
                "attestationRootCertificates": [text(self.root)],
            },
            "statusReports": [{"status": status} for status in statuses],
        } for aaguid, statuses in models.items()]
        until = datetime.date.today() + datetime.timedelta(days=365)
        header = {"alg": "ES256", "typ": "JWT", "x5c": [text(signer)]}
        payload = {"no": 1, "nextUpdate": until.isoformat(), "entries": entries}
        covered = ".".join(b64(json.dumps(part).encode()) for part in (header, payload))
        r, s = decode_dss_signature(key.sign(covered.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{covered}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


# Who signs metadata.
SERVICE = "metadata.example"
MAKER = Maker()


def main():
    devices = []
    for line in sys.stdin:
        ask = json.loads(line)
        if ask["op"] == "new":
            devices.append(Device(ask))
            said = {"device": len(devices) - 1}
        elif ask["op"] == "root":
            said = {"pem": MAKER.root.public_bytes(serialization.Encoding.PEM).decode()}
        elif ask["op"] == "metadata":
            said = {"blob": MAKER.metadata(ask["models"])}
        else:
            device = devices[ask["device"]]
            act = device.create if ask["op"] == "create" else device.get
            said = act(ask["options"], ask["origin"], ask.get("change", {}))
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
