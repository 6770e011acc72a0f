/* The little behaviour that every page shares. Pages work without it. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  const currentTheme = () =>
    root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

  const setTheme = (theme) => {
    root.dataset.theme = theme;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  };

  const toggleNav = (button) => {
    const nav = document.getElementById(button.getAttribute("aria-controls"));
    const open = nav.toggleAttribute("data-open");
    button.setAttribute("aria-expanded", String(open));
  };

  const copy = async (button) => {
    const before = button.textContent;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = before; }, 1500);
  };

  const actions = [
    ["[data-theme-toggle]", () => setTheme(currentTheme() === "dark" ? "light" : "dark")],
    ["[data-nav-toggle]", toggleNav],
    ["[data-copy]", copy],
    ["[data-dialog]", (button) => document.getElementById(button.dataset.dialog).showModal()],
    ["[data-close]", (button) => button.closest("dialog").close()],
  ];

  document.addEventListener("click", (event) => {
    for (const [selector, act] of actions) {
      const target = event.target.closest(selector);
      if (target) act(target);
    }
  });

  document.addEventListener("submit", (event) => {
    const asker = event.submitter?.closest("[data-confirm]") || event.target.closest("[data-confirm]");
    if (asker && !window.confirm(asker.dataset.confirm)) event.preventDefault();
  }, true);

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
  });

  // A refused htmx request answers with a fragment that says why: show it instead of dropping it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status >= 400) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
      event.detail.target = document.getElementById("messages");
    }
  });
})();
