// Passkeys: asks the browser for one and sends its answer as the form that it is for.
// What a person reads stands in the page, in their language.
(() => {
  'use strict';

  // A ceremony lasts five minutes: what waits in a field is asked for anew before that.
  const ANEW = 4 * 60 * 1000;
  const TIMES = 14;

  const forms = document.querySelectorAll('form[data-passkey]');
  const supported = 'PublicKeyCredential' in window && 'credentials' in navigator;
  // The ceremony that is under way, if any; and whether the person waits for it.
  let waiting = null;
  let open = false;
  // Whether the browser can offer passkeys in a field.
  let able = false;

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

  const start = async (form, autofill, signal) => {
    const sent = await fetch(form.dataset.start, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ autofill }),
      redirect: 'error',
      signal,
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

  const send = (form, ceremony, credential) => {
    busy(form, true);
    for (const field of form.querySelectorAll('[data-copy]')) {
      const box = document.getElementById(field.dataset.copy);
      field.value = box.checked ? box.value : '';
    }
    form.elements.ceremony.value = ceremony;
    form.elements.answer.value = JSON.stringify(answer(credential));
    form.submit();
  };

  // What was given up for another ceremony, or with the page, ends without a word.
  const ask = async (form, autofill) => {
    if (waiting) waiting.abort();
    const { signal } = waiting = new AbortController();
    const kind = form.dataset.passkey;
    try {
      const begun = await start(form, autofill, signal);
      const wish = { publicKey: options(kind, begun.options.publicKey), signal };
      if (autofill) wish.mediation = 'conditional';
      const credential = await navigator.credentials[kind](wish);
      if (!signal.aborted) send(form, begun.ceremony, credential);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  };

  // A button that is disabled would lose the focus of whoever pressed it.
  const busy = (form, is) => {
    open = is;
    for (const button of form.querySelectorAll('button')) {
      button.setAttribute('aria-disabled', is);
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
  const offer = (form) => {
    if (able && !open && 'autofill' in form.dataset) ask(form, true).catch(() => {});
  };

  // After a passkey that was refused the page comes without `data-autofill`: what answers by itself
  // would answer with the same one again.
  const begin = async (form) => {
    if (!PublicKeyCredential.isConditionalMediationAvailable) return;
    able = await PublicKeyCredential.isConditionalMediationAvailable();
    offer(form);
    let times = TIMES;
    const timer = setInterval(() => {
      offer(form);
      times -= 1;
      if (times === 0) clearInterval(timer);
    }, ANEW);
  };

  for (const form of forms) {
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (open) return;
      if (!supported) {
        complain(form, { name: 'NotSupportedError' });
        return;
      }
      form.querySelector('[data-complaint]').hidden = true;
      busy(form, true);
      try {
        await ask(form, false);
      } catch (error) {
        busy(form, false);
        complain(form, error);
        // The field offers again what the person did not take from the button. Whatever failed by
        // itself would fail there too.
        if (error.name === 'NotAllowedError') offer(form);
      }
    });
    if (!supported) continue;
    const { unknown, rp } = form.dataset;
    if (unknown && PublicKeyCredential.signalUnknownCredential) {
      PublicKeyCredential.signalUnknownCredential({ rpId: rp, credentialId: unknown }).catch(() => {});
    }
    begin(form).catch(() => {});
  }

  // Whoever leaves wants nothing more of the ceremony.
  addEventListener('pagehide', () => waiting && waiting.abort());

  // A page that the browser kept meanwhile is put back to how it came. To load it anew would send
  // a form again where the page is the answer to one.
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    for (const form of forms) {
      busy(form, false);
      form.elements.ceremony.value = '';
      form.elements.answer.value = '';
      form.querySelector('[data-complaint]').hidden = true;
      offer(form);
    }
  });
})();
