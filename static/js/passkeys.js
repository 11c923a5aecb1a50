// Passkeys: a button asks the server what to sign, the device answers, the form of the button sends the answer.
"use strict";

(() => {
  const able = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON;
  if (!able) return;

  const SENTENCES = {
    NotAllowedError: "La clé d’accès n’a pas été utilisée : la demande a été annulée, ou elle a trop attendu. Recommencez.",
    InvalidStateError: "Cet appareil a déjà une clé d’accès pour votre compte.",
    SecurityError: "Les clés d’accès ne servent pas à cette adresse. Ouvrez l’adresse habituelle de l’application.",
    ConstraintError: "Cet appareil ne sait pas vérifier que c’est vous. Réglez-y un code, une empreinte ou un visage.",
    Stale: "Cette page est restée ouverte trop longtemps. Rechargez-la, puis recommencez.",
    Offline: "Le serveur n’a pas répondu. Vérifiez votre connexion, puis recommencez.",
  };

  const askServer = async (zone) => {
    const token = zone.closest("form").querySelector('[name="csrf_token"]').value;
    const answer = await fetch(zone.dataset.passkeyOptions, {
      method: "POST",
      headers: { "X-CSRFToken": token, Accept: "application/json" },
    }).catch(() => {
      throw new DOMException("", "Offline");
    });
    if (!answer.ok || answer.redirected) throw new DOMException("", "Stale");
    return answer.json();
  };

  const askDevice = (zone, options) =>
    zone.dataset.passkey === "create"
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });

  const run = async (zone, button, said) => {
    button.disabled = true;
    said.textContent = "Suivez les indications de votre appareil…";
    said.classList.remove("is-error");
    try {
      const credential = await askDevice(zone, await askServer(zone));
      zone.querySelector("[data-passkey-answer]").value = JSON.stringify(credential.toJSON());
      said.textContent = "Vérification…";
      // Without the checks of the browser: the code beside the button is left empty on purpose.
      zone.closest("form").submit();
    } catch (error) {
      said.textContent = SENTENCES[error.name] ?? "La clé d’accès n’a pas pu être utilisée. Recommencez.";
      said.classList.add("is-error");
      button.disabled = false;
      button.focus();
    }
  };

  for (const zone of document.querySelectorAll("[data-passkey]")) {
    const host = zone.dataset.passkeyHost;
    if (location.hostname !== host && !location.hostname.endsWith(`.${host}`)) continue;
    const button = zone.querySelector("button");
    zone.hidden = false;
    button.addEventListener("click", () => run(zone, button, zone.querySelector("[data-passkey-said]")));
  }
})();
