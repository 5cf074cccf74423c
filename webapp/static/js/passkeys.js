// Passkeys: makes one, or lets one sign. What it says goes on as a form's field; the pages work without it too.
const can = window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON;

const wire = (form, address, act) => {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    const failed = form.querySelector("[data-passkey-failed]");
    failed.hidden = true;
    try {
      const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
      const asked = await fetch(address, { method: "POST", body, credentials: "same-origin" });
      // Too long since the last proof: the form itself leads to the page that asks for it.
      if (asked.status === 403) return form.submit();
      if (!asked.ok) throw new Error(String(asked.status));
      const made = await act(await asked.json());
      form.elements.answer.value = JSON.stringify(made.toJSON());
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
};

if (can) {
  document.querySelectorAll("form[data-passkey-new]").forEach((form) =>
    wire(form, form.dataset.passkeyNew, (said) =>
      navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(said) })));
  document.querySelectorAll("form[data-passkey]").forEach((form) =>
    wire(form, form.dataset.passkey, (said) =>
      navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(said) })));
}
