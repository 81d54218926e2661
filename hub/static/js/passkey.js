/* Asks the browser for a passkey and sends what it answers. The words stand in the page. */
(() => {
  "use strict";
  document.querySelectorAll("[data-needs-script]").forEach((words) => { words.hidden = true; });
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const part = (name) => form.querySelector(`[data-passkey-${name}]`);
  const show = (name, yes) => { part(name).hidden = !yes; };
  const ask = async () => {
    const options = JSON.parse(form.dataset.options);
    show("failed", false);
    show("again", false);
    show("wait", true);
    try {
      const credential = form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.requestSubmit();
    } catch {
      show("wait", false);
      show("failed", true);
      show("again", true);
    }
  };
  if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
    show("unknown", true);
    return;
  }
  part("again").addEventListener("click", ask);
  ask();
})();
