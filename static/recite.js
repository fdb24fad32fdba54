// Keys, focus and small courtesies. Every page works without this file.
{
  // Keys: an element says which key presses it with data-key="…".

  const ANSWERED = "form:has(.reveal[open]) .options input";
  const TYPING = "textarea, select, [contenteditable], " +
    "input:not([type=radio], [type=checkbox], [type=submit], [type=button])";
  const PRESSABLE = "a[href], button, summary, [type=submit], [type=button]";

  const usable = (element) =>
    element.checkVisibility() && !element.matches(":disabled") && !element.matches(ANSWERED);

  const closedReveal = (root) => root.querySelector(".reveal:not([open]) > summary");

  /** What a key stands for: the digits choose an option first and, once the answer is shown, a grade. */
  function target(key) {
    const wanted = key.toLowerCase();
    const named = [...document.querySelectorAll("[data-key]")];
    const found = named.find((element) => element.dataset.key.toLowerCase() === wanted && usable(element));
    return found ?? (key === " " ? closedReveal(document) : null);
  }

  /** Whether the browser itself acts on this key where the focus is. */
  function taken(key, focused) {
    if (focused.matches(TYPING)) return true;
    if (key === "Enter") return focused.matches(PRESSABLE);
    if (key !== " ") return false;
    return focused.matches(`${PRESSABLE}, [type=checkbox], [type=radio]:not(:checked)`);
  }

  /** Enter on an option would press the form's first button, which is a grade: show the answer instead. */
  const enterOnOption = (key, focused) =>
    key === "Enter" && focused.matches(".options input") && focused.form && closedReveal(focused.form);

  document.addEventListener("keydown", (event) => {
    const chord = event.ctrlKey || event.altKey || event.metaKey;
    if (chord || event.repeat || event.isComposing || event.defaultPrevented || !shortcuts()) return;
    const focused = document.activeElement ?? document.body;
    if (document.querySelector("dialog[open]") || taken(event.key, focused)) return;
    const help = event.key === "?" && document.querySelector("dialog#keys");
    const pressed = help || enterOnOption(event.key, focused) || target(event.key);
    if (!pressed) return;
    event.preventDefault();
    if (help) help.showModal();
    else pressed.click();
  });

  document.addEventListener("click", ({ target: clicked }) => {
    const opener = clicked.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  });

  // Who dictates, or hits keys by chance, can switch the keys off. The browser remembers it.

  const OFF = "recite.shortcuts-off";

  function shortcuts() {
    return document.documentElement.dataset.shortcuts !== "off";
  }

  function setShortcuts(on) {
    document.documentElement.dataset.shortcuts = on ? "on" : "off";
    for (const box of document.querySelectorAll("input[data-shortcuts]")) box.checked = on;
  }

  document.addEventListener("change", ({ target: box }) => {
    if (!box.matches("input[data-shortcuts]")) return;
    setShortcuts(box.checked);
    try {
      if (box.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    } catch { /* Where nothing may be stored it holds for this page. */ }
  });

  try {
    setShortcuts(!localStorage.getItem(OFF));
  } catch {
    setShortcuts(true);
  }

  // Options: once the answer is shown, the choice stands.

  document.addEventListener("toggle", ({ target: reveal }) => {
    if (!reveal.matches(".reveal")) return;
    const options = reveal.closest("form")?.querySelectorAll(".options input") ?? [];
    for (const input of options) input.disabled = reveal.open && !input.checked;
  }, true);

  document.addEventListener("click", (event) => {
    if (event.target.matches(ANSWERED)) event.preventDefault();
  });

  // Focus: where the reader's attention goes when the page changes under it.

  function focusOn(element, options) {
    if (element.tabIndex < 0) element.tabIndex = -1;
    element.focus(options);
  }

  // The button that showed the answer is gone; the answer takes its focus. (toggle does not bubble.)
  document.addEventListener("toggle", (event) => {
    const answer = event.target.matches(".reveal[open]") && event.target.querySelector(".answer");
    if (answer) focusOn(answer, { preventScroll: true });
  }, true);

  document.addEventListener("htmx:afterSettle", ({ target: root }) => {
    fillTimeZones();
    setShortcuts(shortcuts());
    const next = root.matches("[data-focus]") ? root : root.querySelector("[data-focus]");
    if (!next) return;
    window.scrollTo(0, 0);
    focusOn(next);
  });

  // A link to a note's place without a fragment arrives there too.
  if (!location.hash) document.querySelector("[data-arrive]")?.scrollIntoView();

  // Trouble: an answer that is not the one HTMX waited for.

  function trouble(shown) {
    const box = document.getElementById("trouble");
    if (box) box.hidden = !shown;
  }

  /** An error that is a whole page takes the page's place; a fragment goes where a fragment was awaited. */
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.xhr.status < 400) return;
    if (!(detail.xhr.getResponseHeader("Content-Type") ?? "").includes("html")) {
      detail.shouldSwap = false;
      trouble(true);
    } else if (/<main[^>]* id="main"/.test(detail.serverResponse)) {
      detail.target = document.getElementById("main");
      detail.selectOverride = "#main";
      detail.swapOverride = "outerHTML";
    }
  });
  document.addEventListener("htmx:sendError", () => trouble(true));
  document.addEventListener("htmx:timeout", () => trouble(true));
  document.addEventListener("htmx:beforeRequest", () => trouble(false));

  // Forms.

  function fillTimeZones() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
    for (const input of document.querySelectorAll("input[data-time-zone]")) input.value ||= zone;
  }

  /** A plain form is sent once per page load. One that stays on its page (a download) says data-again. */
  let sent = new WeakSet();
  const guarded = (form) => form.method === "post" && !form.closest("[hx-post], [hx-boost], [data-again]");
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !guarded(form) || event.submitter?.matches("[hx-post]")) return;
    if (sent.has(form)) event.preventDefault();
    sent.add(form);
  });
  addEventListener("pageshow", () => { sent = new WeakSet(); });

  fillTimeZones();
}
