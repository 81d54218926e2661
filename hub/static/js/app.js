/* Comforts only: without this file, and without htmx, every page works. */
(() => {
  "use strict";
  const on = (type, act, capture) => document.addEventListener(type, act, capture);
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => root.querySelectorAll(selector);
  const menus = () => all("details.menu[open]");

  /* A form is sent once. aria-disabled, not disabled, so that the focus stays. */
  const busy = (form, sending) => {
    if (!form?.elements) return;
    form.toggleAttribute("data-sending", sending);
    for (const button of form.elements) {
      if (button.type !== "submit") continue;
      button.ariaDisabled = sending ? "true" : null;
    }
  };
  on("submit", (event) => {
    if (!event.target.hasAttribute("data-sending")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    keep(form, true);
    busy(form, true);
    setTimeout(busy, 10000, form, false); // a download leaves the page standing
  });
  on("htmx:before:request", ({ detail: { ctx } }) => {
    if (ctx.request.form?.method === "post") busy(ctx.request.form, true);
  });
  on("htmx:finally:request", ({ detail: { ctx } }) => {
    const form = ctx.request.form;
    busy(form, false);
    if (form && ctx.response?.status < 400) forget(keyOf(form));
  });
  on("htmx:error", ({ detail: { ctx } }) => {
    const words = one("#not-sent");
    if (words && ctx && !ctx.response) one("#flash").replaceChildren(words.content.cloneNode(true));
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) all("form[data-sending]").forEach((form) => busy(form, false));
  });

  /* What was typed in a form[data-keep] stays in this tab until it is sent. */
  let store = null;
  try { store = sessionStorage; } catch { /* refused */ }
  const SENT = "sent";
  const keyOf = (form) => "keep:" + (form.dataset.keep || form.getAttribute("action") || location.pathname);
  const forget = (key) => { store?.removeItem(key); store?.removeItem(key + SENT); };
  const typed = (form) => [...form.elements].filter((field) => field.name && !/hidden|password|file|submit|button|multiple|fieldset/.test(field.type));
  const keep = (form, sent) => {
    if (!store || !form?.hasAttribute("data-keep")) return;
    const values = typed(form).map((field) => [field.name, field.value, field.checked]);
    try {
      store.setItem(keyOf(form), JSON.stringify(values));
      store[sent ? "setItem" : "removeItem"](keyOf(form) + SENT, "");
    } catch { /* full */ }
  };
  const restore = (form) => {
    const fields = typed(form);
    JSON.parse(store.getItem(keyOf(form)) || "[]").forEach(([name, value, checked], index) => {
      const field = fields[index];
      if (field?.name !== name) return;
      if (/checkbox|radio/.test(field.type)) field.checked = checked;
      else field.value = value;
    });
  };
  on("input", (event) => keep(event.target.form));

  /* After a swap the focus goes to what matters, never back to the top. */
  on("htmx:after:settle", ({ detail }) => {
    const fresh = detail.newContent.filter((node) => node.nodeType === 1);
    fresh.forEach(reveal);
    const words = fresh.find((node) => node.dataset.announce)?.dataset.announce;
    if (words) one("#announce").textContent = words;
    let goal;
    for (const selector of [".error-summary", "[data-focus]"]) {
      for (const node of fresh) goal ||= node.matches(selector) ? node : one(selector, node);
    }
    if (!goal && detail.task.type === "main" && document.activeElement === document.body) goal = fresh[0];
    if (!goal) return;
    if (goal.tabIndex < 0) goal.tabIndex = -1;
    goal.focus();
  });

  /* Copy, print, and menus that close. */
  const reveal = (root) => all("[data-copy], [data-print]", root).forEach((button) => { button.hidden = false; });
  on("click", async ({ target }) => {
    menus().forEach((menu) => { menu.open = menu.contains(target); });
    const language = target.closest(".menu a[hreflang]")?.pathname.split("/")[1];
    if (language) document.cookie = `lang=${language};path=/;max-age=31536000;samesite=lax`;
    if (target.closest("[data-print]")) print();
    const button = target.closest("[data-copy]");
    if (!button) return;
    const box = one("input", button.closest(".copy-text"));
    box.select();
    try { await navigator.clipboard.writeText(box.value); } catch { document.execCommand("copy"); }
    one("span", button).textContent = button.dataset.copied;
  });
  on("keydown", ({ key }) => {
    if (key === "Escape") menus().forEach((menu) => {
      if (menu.contains(document.activeElement)) one("summary", menu).focus();
      menu.open = false;
    });
  });

  reveal(document);
  all(".desk-nav [aria-current], .tabs [aria-current]").forEach((link) => link.scrollIntoView({ block: "nearest", inline: "center" }));
  const problem = one(".error-summary");
  if (problem) problem.focus();
  else if (store) {
    // A new page after a sending: it worked. Coming back or reloading: perhaps not.
    if (performance.getEntriesByType("navigation")[0]?.type === "navigate") {
      Object.keys(store).filter((key) => key.startsWith("keep:") && key.endsWith(SENT)).forEach((key) => forget(key.slice(0, -SENT.length)));
    }
    all("form[data-keep]").forEach(restore);
  }
})();
