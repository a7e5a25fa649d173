// Passkeys: asks the browser for one and sends its answer as the form that it is for.
// What a person reads stands in the page, in their language.
(() => {
  'use strict';

  // A ceremony lasts five minutes: what waits in a field is asked for anew before that.
  const ANEW = 4 * 60 * 1000;
  const TIMES = 14;

  const forms = document.querySelectorAll('form[data-passkey]');
  const supported = 'PublicKeyCredential' in window && 'credentials' in navigator;
  let waiting = null;
  let open = false;

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(plain, (c) => c.charCodeAt(0));
  };

  const base64url = (buffer) => {
    let plain = '';
    for (const byte of new Uint8Array(buffer)) plain += String.fromCharCode(byte);
    return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  };

  const options = (kind, json) => {
    const read = kind === 'create' ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON';
    if (PublicKeyCredential[read]) return PublicKeyCredential[read](json);
    const named = (item) => ({ ...item, id: bytes(item.id) });
    const ready = { ...json, challenge: bytes(json.challenge) };
    if (json.user) ready.user = named(json.user);
    for (const list of ['allowCredentials', 'excludeCredentials']) {
      if (json[list]) ready[list] = json[list].map(named);
    }
    return ready;
  };

  const answer = (credential) => {
    // Some password managers bring credentials whose own toJSON is missing or fails.
    const { id, rawId, type, response } = credential;
    const said = {};
    for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
      if (response[name]) said[name] = base64url(response[name]);
    }
    if (response.getTransports) said.transports = response.getTransports();
    return { id, rawId: base64url(rawId), type, response: said, clientExtensionResults: credential.getClientExtensionResults() };
  };

  const start = async (form, autofill) => {
    const sent = await fetch(form.dataset.start, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ autofill }),
      redirect: 'error',
    });
    if (sent.status === 429) throw new DOMException('', 'Busy');
    const said = await sent.json();
    if (sent.ok) return said;
    if (said.go && !autofill) {
      location.assign(said.go);
      return new Promise(() => {});
    }
    throw new DOMException('', 'Refused');
  };

  const ask = async (form, autofill) => {
    if (waiting) waiting.abort();
    const control = waiting = new AbortController();
    const kind = form.dataset.passkey;
    const begun = await start(form, autofill);
    if (control.signal.aborted) return;
    const wish = { publicKey: options(kind, begun.options.publicKey), signal: control.signal };
    if (autofill) wish.mediation = 'conditional';
    const credential = await navigator.credentials[kind](wish);
    open = true;
    busy(form, true);
    for (const field of form.querySelectorAll('[data-copy]')) {
      const box = document.getElementById(field.dataset.copy);
      field.value = box.checked ? box.value : '';
    }
    form.elements.ceremony.value = begun.ceremony;
    form.elements.answer.value = JSON.stringify(answer(credential));
    form.submit();
  };

  const busy = (form, is) => {
    for (const button of form.querySelectorAll('button')) {
      button.disabled = is;
      button.setAttribute('aria-busy', is);
    }
  };

  const complain = (form, error) => {
    const word = {
      NotAllowedError: 'cancelled',
      AbortError: 'cancelled',
      InvalidStateError: 'known',
      NotSupportedError: 'unsupported',
      ConstraintError: 'unsupported',
      Busy: 'busy',
    }[error.name];
    const place = form.querySelector('[data-complaint]');
    place.hidden = false;
    place.textContent = form.dataset[word] || form.dataset.failed;
  };

  // Nothing that fails in a field is worth a word: nobody asked for it.
  const offer = (form, times) => {
    if (times === 0) return;
    if (!open) ask(form, true).catch(() => {});
    setTimeout(offer, ANEW, form, times - 1);
  };

  for (const form of forms) {
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (!supported) {
        complain(form, { name: 'NotSupportedError' });
        return;
      }
      form.querySelector('[data-complaint]').hidden = true;
      open = true;
      busy(form, true);
      try {
        await ask(form, false);
      } catch (error) {
        open = false;
        busy(form, false);
        complain(form, error);
        if ('autofill' in form.dataset) ask(form, true).catch(() => {});
      }
    });
    if (!supported) continue;
    const { unknown, rp } = form.dataset;
    if (unknown && PublicKeyCredential.signalUnknownCredential) {
      PublicKeyCredential.signalUnknownCredential({ rpId: rp, credentialId: unknown }).catch(() => {});
    }
    if ('autofill' in form.dataset && PublicKeyCredential.isConditionalMediationAvailable) {
      PublicKeyCredential.isConditionalMediationAvailable().then((can) => can && offer(form, TIMES)).catch(() => {});
    }
  }

  // A page that the browser kept while the person was away has a ceremony that is over.
  addEventListener('pageshow', (event) => event.persisted && location.reload());
})();
