/* What the pages do beyond HTML and htmx. No page depends on it for reading; forms work without it. */
(() => {
  "use strict";
  const html = document.documentElement;
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const texts = JSON.parse($("#ui-texts")?.textContent || "{}");
  const say = (key, values = {}) => (texts[key] || "").replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
  const token = () => $("meta[name=csrf-token]")?.content || "";

  // --- notices ------------------------------------------------------------------------------------------------------
  function notice(text, tone = "warn", stays = false) {
    const box = $("#notices");
    // What lies outside an open dialog is neither seen in full nor read aloud.
    if (box) (all("dialog:modal").at(-1) || document.body).append(box);
    if (!box || !text || all(".notice span", box).some((one) => one.textContent === text)) return null;
    const row = document.createElement("div");
    row.className = "notice";
    row.dataset.tone = tone;
    const words = document.createElement("span");
    words.textContent = text;
    row.append(words);
    box.append(row);
    if (!stays) setTimeout(() => row.remove(), 8000);
    return row;
  }

  document.addEventListener("close", () => { if ($("#notices")) document.body.append($("#notices")); }, true);

  // Without a secure connection a browser has no clipboard, and with one it may still refuse.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      notice(say("copied"), "ok");
    } catch {
      notice(say("notCopied"), "danger");
    }
  }

  // --- theme --------------------------------------------------------------------------------------------------------
  function toggleTheme() {
    const theme = html.dataset.bsTheme === "dark" ? "light" : "dark";
    html.dataset.bsTheme = theme;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Strict${secure}`;
    all("[data-chart]").forEach(drawChart);
  }

  // --- dialogs ------------------------------------------------------------------------------------------------------
  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
    return dialog;
  }

  let onYes = null;
  function confirmFirst(text, then) {
    const dialog = $("#confirm-dialog");
    if (!dialog) { then(); return; }
    $("[data-confirm-text]", dialog).textContent = text;
    onYes = then;
    dialog.showModal();
  }

  function loadDialog(url) {
    window.htmx.ajax("GET", url, { target: "#dialog-body", swap: "innerHTML" }).then(() => openDialog("shared-dialog"));
  }

  // --- the session: lost, found again, locked -------------------------------------------------------------------------
  let sessionLost = false;
  let waiting = null;

  function loseSession(retry = null) {
    sessionLost = true;
    waiting = retry || waiting;
    openDialog("login-dialog");
  }

  async function findSession() {
    const hint = $("[data-login-error]");
    const show = (key) => { if (hint) { hint.hidden = false; hint.textContent = say(key); } };
    try {
      const answer = await fetch("/session/", { headers: { Accept: "application/json" }, cache: "no-store" });
      if (!answer.ok) { show("stillOut"); return; }
      const session = await answer.json();
      if (document.body.dataset.user && session.user !== document.body.dataset.user) { show("sameUser"); return; }
      freshToken(session.token);
      sessionLost = false;
      $("#login-dialog")?.close();
      const retry = waiting;
      waiting = null;
      if (retry) retry();
    } catch { show("offline"); }
  }

  function freshToken(value) {
    const meta = $("meta[name=csrf-token]");
    if (meta) meta.content = value;
    all("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = value; });
  }

  function lockScreen() {
    const screen = $("#lock-screen");
    if (!screen || $("#lock")) return;
    document.body.classList.add("locked-page");
    document.body.append(screen.content.cloneNode(true));
    all("dialog[open]").forEach((dialog) => dialog.close());
    $(".shell")?.setAttribute("inert", "");
    $("#unlock-password").focus();
    fetch("/session/lock/", { method: "POST", headers: { "X-CSRFToken": token() } }).catch(() => undefined);
  }

  async function unlockScreen(form) {
    const hint = $("[data-unlock-error]", form);
    const show = (key) => { hint.hidden = false; hint.textContent = say(key); };
    try {
      const answer = await fetch(form.action, { method: "POST", headers: { "X-CSRFToken": token() }, body: new FormData(form) });
      if (answer.status === 401) { location.reload(); return; }
      if (!answer.ok) { show("wrongPassword"); return; }
      $("#lock").remove();
      $(".shell")?.removeAttribute("inert");
      document.body.classList.remove("locked-page");
    } catch { show("offline"); }
  }

  // --- network ------------------------------------------------------------------------------------------------------
  let offlineNotice = null;
  window.addEventListener("offline", () => { offlineNotice = offlineNotice || notice(say("offline"), "danger", true); });
  window.addEventListener("online", () => {
    offlineNotice?.remove();
    offlineNotice = null;
    notice(say("online"), "ok");
  });

  // --- forms: unsaved changes, drafts, sending once ---------------------------------------------------------------------
  const changed = new Set();
  const savers = new Map();
  const fingerprint = (form) => {
    const data = new FormData(form);
    ["csrfmiddlewaretoken", "request_key", "version"].forEach((name) => data.delete(name));
    Array.from(data.keys()).filter((name) => name.startsWith("seen-")).forEach((name) => data.delete(name));
    return JSON.stringify(Array.from(data.entries(), ([name, value]) => [name, value instanceof File ? value.name + value.size : value]));
  };

  function watchForm(form) {
    if (form.dataset.watched) return;
    form.dataset.watched = "1";
    let saved = fingerprint(form);
    const compare = () => { if (fingerprint(form) === saved) changed.delete(form); else changed.add(form); };
    form.addEventListener("input", compare);
    form.addEventListener("change", compare);
    // Fields may stand elsewhere on the page and belong to the form by their `form` attribute.
    Array.from(form.elements).filter((field) => !form.contains(field)).forEach((field) => field.addEventListener("input", compare));
    if (!form.dataset.autosaveUrl) return;

    let state = $("[data-autosave-state]", form);
    if (!state) {
      state = document.createElement("span");
      state.className = "autosave";
      state.dataset.autosaveState = "";
      state.setAttribute("role", "status");
      ($(".form-actions", form) || form).append(state);
    }
    let busy = false;
    let behind = false;
    const goOnFrom = (version) => { const field = $("input[name=version]", form); if (field && version) field.value = version; };
    document.body.addEventListener("htmx:afterRequest", (event) => goOnFrom(event.detail.xhr?.getResponseHeader("X-Version")));
    const goOnWith = (marks) => (marks || "").split(" ").forEach((one) => { const [id, mark] = one.split("="); const field = form.elements[`seen-${id}`]; if (field && mark) field.value = mark; });
    const save = async () => {
      const now = fingerprint(form);
      if (busy || behind || now === saved || sessionLost || form.dataset.sending || form.dataset.conflict) return;
      busy = true;
      state.textContent = say("saving");
      const body = new FormData(form);
      for (const [name, value] of Array.from(body.entries())) if (value instanceof File) body.delete(name);
      try {
        const answer = await fetch(form.dataset.autosaveUrl, {
          method: "POST", body, headers: { "X-CSRFToken": token(), "X-Autosave": "1", "HX-Request": "true" },
        });
        if (answer.status === 401) { loseSession(save); throw new Error("logged out"); }
        goOnWith(answer.headers.get("X-Marks"));
        if (answer.status === 409 && form.dataset.versioned !== undefined) { await meet(form, answer); throw new Error("conflict"); }
        if (answer.status === 409) { behind = true; busy = false; state.textContent = say("elsewhere"); notice(say("elsewhere"), "danger"); return; }
        if (!answer.ok) throw new Error("refused");
        goOnFrom(answer.headers.get("X-Version"));
        saved = now;
        compare();
        const clock = new Date();
        const time = `${String(clock.getHours()).padStart(2, "0")}:${String(clock.getMinutes()).padStart(2, "0")}`;
        state.textContent = say("saved", { time });
        form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true, detail: answer }));
      } catch { state.textContent = say("notSaved"); }
      busy = false;
    };
    savers.set(form, save);
    setInterval(save, 4000);
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  }

  // Somebody wrote the same text: both stand on the page, and nothing is saved by itself until the person has merged and presses Save.
  async function meet(form, answer) {
    const held = document.createElement("div");
    held.innerHTML = await answer.text();
    form.dataset.conflict = "1";
    all("[data-conflict-of]", held).forEach((theirs) => {
      const box = $(`[data-conflict="${theirs.dataset.conflictOf}"]`);
      if (!box) return;
      form.elements[`seen-${theirs.dataset.conflictOf}`].value = $("[data-fresh-version]", theirs).value;
      box.replaceChildren(theirs);
    });
  }

  window.addEventListener("beforeunload", (event) => {
    if (Array.from(changed).some((form) => form.isConnected && form.matches("[data-guard]") && !form.dataset.sending)) {
      event.preventDefault();
      event.returnValue = say("unsaved");
    }
  });

  function release(form) {
    delete form.dataset.sending;
    all("[aria-busy]", form).forEach((button) => { button.removeAttribute("aria-busy"); button.removeAttribute("aria-disabled"); });
  }

  // A browser cuts what is pasted beyond the box without a word.
  document.addEventListener("paste", (event) => {
    const box = event.target.closest?.("textarea[maxlength],input[maxlength]");
    const pasted = event.clipboardData?.getData("text") || "";
    if (box && box.value.length - (box.selectionEnd - box.selectionStart) + pasted.length > box.maxLength) notice(say("cut", { most: box.maxLength }), "danger");
  });

  // Whether a field that must be filled is empty, so that the form comes back with its errors.
  const lacks = (form) => Array.from(form.elements).some((field) => field.required && !field.disabled && (field.validity.valueMissing || !field.value.trim()));

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (form.matches("[data-unlock]")) { event.preventDefault(); unlockScreen(form); return; }
    if (form.getAttribute("method")?.toLowerCase() === "dialog") return;
    // The form's own question waits for what it needs; a button's may be of a step that needs none of it.
    const question = button?.dataset.confirm || (lacks(form) ? "" : form.dataset.confirm);
    // Nobody is asked twice: what was saved or checked below on the way has been confirmed before.
    if (question && !form.dataset.confirmed && !form.dataset.checked && !form.dataset.flushed) {
      event.preventDefault();
      event.stopImmediatePropagation();
      confirmFirst(question, () => { form.dataset.confirmed = "1"; form.requestSubmit(button || undefined); });
      return;
    }
    delete form.dataset.confirmed;
    if (form.method !== "post") return;
    if (form.dataset.sending) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    if (form.matches("[hx-post],[hx-put],[hx-patch],[hx-delete]")) return;
    if (sessionLost || navigator.onLine === false) {
      event.preventDefault();
      if (sessionLost) loseSession(() => form.requestSubmit(button || undefined)); else notice(say("offline"), "danger");
      return;
    }
    // What was typed elsewhere on the page is saved before the page goes.
    const others = Array.from(savers.keys()).filter((one) => one !== form && one.isConnected && changed.has(one) && !one.dataset.conflict);
    if (others.length && !form.target && !form.dataset.flushed) {
      event.preventDefault();
      form.dataset.flushed = "1";
      Promise.allSettled(others.map((one) => savers.get(one)())).then(() => form.requestSubmit(button || undefined));
      return;
    }
    // Who is logged in is asked first where something was typed, so that a lost session cannot swallow it.
    if (document.body.dataset.user && form.matches("[data-guard],[data-autosave-url]") && !form.dataset.checked) {
      event.preventDefault();
      const send = () => { form.dataset.checked = "1"; form.requestSubmit(button || undefined); };
      fetch("/session/", { headers: { Accept: "application/json" }, cache: "no-store" })
        .then(async (answer) => {
          if (answer.status === 401) { loseSession(send); return; }
          if (answer.ok && answer.headers.get("Content-Type")?.includes("json")) freshToken((await answer.json()).token);
          send();
        })
        .catch(() => notice(say("offline"), "danger"));
      return;
    }
    delete form.dataset.checked;
    delete form.dataset.flushed;
    form.dataset.sending = "1";
    if (button && !form.target) {
      button.setAttribute("aria-busy", "true");
      button.setAttribute("aria-disabled", "true");
    }
    // A download leaves the page standing; the form may be sent again after a while.
    setTimeout(() => release(form), form.target ? 500 : 10000);
  }, true);

  window.addEventListener("pageshow", () => all("form[data-sending]").forEach(release));

  // --- clicks -------------------------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest?.(selector);
    let el;
    if (hit("[data-theme-toggle]")) { toggleTheme(); return; }
    if (hit("[data-lock]")) { lockScreen(); return; }
    if (hit("[data-login-done]")) { findSession(); return; }
    if (hit("[data-print]")) { window.print(); return; }
    if (hit("[data-confirm-yes]")) { $("#confirm-dialog").close(); const then = onYes; onYes = null; if (then) then(); return; }
    if ((el = hit("[data-close]"))) { el.closest("dialog")?.close(); return; }
    if ((el = hit("[data-dialog]"))) { event.preventDefault(); el.closest("details.menu")?.removeAttribute("open"); openDialog(el.dataset.dialog); return; }
    if ((el = hit("[data-dialog-url]"))) { event.preventDefault(); loadDialog(el.dataset.dialogUrl); return; }
    if ((el = hit("[data-copy]"))) { copy(el.dataset.copy); return; }
    if ((el = hit("a[data-confirm]")) && !el.dataset.confirmed) {
      event.preventDefault();
      confirmFirst(el.dataset.confirm, () => { location.href = el.href; });
      return;
    }
    if ((el = hit("[data-drawer]"))) { drawer(!document.body.classList.contains("nav-open")); return; }
    if (document.body.classList.contains("nav-open") && !hit(".side")) drawer(false);
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.removeAttribute("open"); });
  });

  function drawer(open) {
    document.body.classList.toggle("nav-open", open);
    $("[data-drawer]")?.setAttribute("aria-expanded", String(open));
    if (open) $(".side .nav-item")?.focus();
  }

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-autosubmit]") && event.target.matches("select,[type=checkbox],[type=radio],[type=date]")) form.requestSubmit();
  });

  // An empty filter does not belong into the address.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.filters") || event.defaultPrevented) return;
    all("input,select", event.target).forEach((input) => { if (!input.value) input.disabled = true; });
    setTimeout(() => all("input,select", event.target).forEach((input) => { input.disabled = false; }), 0);
  });

  // --- keyboard -----------------------------------------------------------------------------------------------------
  const places = { t: "/", c: "/cases/", r: "/referrals/" };
  let afterG = 0;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable]");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && $("#global-search")) {
      event.preventDefault();
      $("#global-search").focus();
      return;
    }
    if (event.key === "Escape") {
      if (document.body.classList.contains("nav-open")) { drawer(false); $("[data-drawer]")?.focus(); }
      const menu = $("details.menu[open]");
      if (menu) { menu.removeAttribute("open"); $("summary", menu).focus(); } else if (typing && !$("dialog[open]")) event.target.blur();
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || $("dialog[open]") || $("#lock")) return;
    const key = event.key;
    if (Date.now() - afterG < 1200 && places[key]) {
      afterG = 0;
      if ($(`.side a[href="${places[key]}"]`)) { event.preventDefault(); location.href = places[key]; }
      return;
    }
    afterG = key === "g" ? Date.now() : 0;
    const own = all("[data-key]").find((el) => el.dataset.key === key && el.getClientRects().length);
    if (own) { event.preventDefault(); own.click(); return; }
    if (key === "/") { event.preventDefault(); $("#global-search")?.focus(); }
    if (key === "n") {
      const entry = $("[data-new-call]") || $('.side a[href^="/contacts/new"]');
      if (entry) { event.preventDefault(); location.href = entry.href; }
    }
    if (key === "l") { event.preventDefault(); lockScreen(); }
    if (key === "?") { event.preventDefault(); openDialog("keyboard-help"); }
  });

  // --- time ---------------------------------------------------------------------------------------------------------
  function tick() {
    all("[data-timer-from]").forEach((el) => {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(el.dataset.timerFrom)) / 1000));
      const two = (n) => String(n).padStart(2, "0");
      const hours = Math.floor(seconds / 3600);
      el.textContent = `${hours ? `${two(hours)}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    });
  }
  setInterval(tick, 1000);

  // --- charts -------------------------------------------------------------------------------------------------------
  const plain = (value) => value && typeof value === "object" && !Array.isArray(value);
  function merge(base, over) {
    const result = { ...base };
    for (const [key, value] of Object.entries(over)) result[key] = plain(value) && plain(base[key]) ? merge(base[key], value) : value;
    return result;
  }

  function drawChart(box) {
    const source = document.getElementById(box.dataset.chart);
    if (!source || !window.echarts) return;
    const css = getComputedStyle(html);
    const colour = (name) => css.getPropertyValue(name).trim();
    const axis = {
      axisLine: { lineStyle: { color: colour("--line-strong") } }, axisTick: { show: false },
      axisLabel: { color: colour("--text-2"), fontSize: 12 }, splitLine: { lineStyle: { color: colour("--line") } },
    };
    const option = JSON.parse(source.textContent);
    const axes = (given) => (Array.isArray(given) ? given.map((one) => merge(axis, one)) : merge(axis, given));
    const base = {
      color: [1, 2, 3, 4, 5, 6].map((n) => colour(`--chart-${n}`)), animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("--text") },
      grid: { left: 8, right: 16, top: option.legend ? 40 : 16, bottom: 8, containLabel: true },
      tooltip: {
        renderMode: "richText", confine: true, trigger: option.xAxis ? "axis" : "item", backgroundColor: colour("--raised"),
        borderColor: colour("--line-strong"), textStyle: { color: colour("--text"), fontSize: 13 },
      },
    };
    if (option.legend) base.legend = { top: 0, left: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: colour("--text-2"), fontSize: 12 } };
    if (option.xAxis) option.xAxis = axes(option.xAxis);
    if (option.yAxis) option.yAxis = axes(option.yAxis);
    const chart = window.echarts.getInstanceByDom(box) || window.echarts.init(box, null, { renderer: "svg" });
    chart.setOption(merge(base, option), true);
    if (!box.dataset.drawn) {
      box.dataset.drawn = "1";
      new ResizeObserver(() => chart.resize()).observe(box);
    }
  }

  // --- what comes into the page, at load and by htmx --------------------------------------------------------------------
  function labelCells(root) {
    all("table.list:not(.list-wide)", root).forEach((table) => {
      const heads = all("thead th", table).map((head) => head.textContent.trim());
      all("tbody tr", table).forEach((row) => Array.from(row.cells).forEach((cell, index) => {
        if (cell.tagName === "TD" && !cell.dataset.label && cell.colSpan === 1) cell.dataset.label = heads[index] || "";
      }));
    });
  }

  function headHeight() {
    const head = $(".page-head-sticky");
    if (!head) return;
    document.body.classList.add("has-page-head");
    html.style.setProperty("--head", `${head.offsetHeight}px`);
  }

  function prepare(root) {
    labelCells(root);
    all("form[data-guard],form[data-autosave-url]", root).forEach(watchForm);
    all("[data-chart]", root).forEach(drawChart);
    all("form[data-aside]", root).forEach((form) => form.removeAttribute("target"));
    all(".tabs", root).forEach((row) => { const here = $("[aria-current]", row); if (here) row.scrollLeft = here.offsetLeft - row.offsetLeft - 40; });
    tick();
    all("[data-focus]", root).find((el) => !el.closest("[data-no-focus]"))?.focus();
  }

  document.addEventListener("DOMContentLoaded", () => {
    prepare(document);
    headHeight();
    window.addEventListener("resize", headHeight);
  });

  // --- htmx ---------------------------------------------------------------------------------------------------------
  document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = token(); });
  document.addEventListener("htmx:confirm", (event) => {
    const question = event.detail.elt.dataset.confirm;
    if (!question || event.detail.elt.tagName === "FORM") return;
    event.preventDefault();
    confirmFirst(question, () => event.detail.issueRequest(true));
  });
  document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) prepare(event.detail.elt); });
  const polls = (elt) => elt?.matches?.("[hx-trigger*=every]");
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr, elt } = event.detail;
    if (xhr.status === 401) { loseSession(); return; }
    if (xhr.status === 423 || polls(elt)) return;
    notice(say({ 403: "refused", 409: "stale" }[xhr.status] || "failed"), "danger");
  });
  document.addEventListener("htmx:sendError", (event) => { if (!polls(event.detail.elt)) notice(say("offline"), "danger"); });
})();
