/* What the keyboard does in the call console beyond HTML. Everything can be done without it. */
(() => {
  "use strict";
  const form = document.getElementById("console");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);

  // Save from anywhere; an outcome from inside a field with Alt.
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]") || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      form.requestSubmit(document.getElementById("console-save"));
      return;
    }
    const digit = /^Digit([1-9])$/.exec(event.code || "");
    if (event.altKey && !event.ctrlKey && digit) {
      const tile = form.querySelector(`[name="disposition"][data-key="${digit[1]}"]`);
      if (tile) { event.preventDefault(); tile.click(); tile.focus(); }
    }
  });

  // Initials find a county in a closed list: w h q → 五华区.
  form.querySelectorAll("select[data-typeahead]").forEach((list) => {
    const options = Array.from(list.options).filter((option) => option.dataset.letters);
    let typed = "";
    let last = 0;
    list.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !/^[a-z]$/i.test(event.key)) return;
      typed = (Date.now() - last < 1200 ? typed : "") + event.key.toLowerCase();
      last = Date.now();
      const found = options.find((option) => option.dataset.letters.split(" ").some((letters) => letters.startsWith(typed)));
      event.preventDefault();
      if (found && list.value !== found.value) {
        list.value = found.value;
        list.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  });

  // Two places: said at once. The centre follows her residence until somebody chooses another; why it stands there is said beside it.
  const residence = field("region_residence");
  const registration = field("region_registration");
  const hint = form.querySelector("[data-split-hint]");
  const centre = field("centre");
  const why = form.querySelector("[data-why]");
  const known = JSON.parse(document.getElementById("console-centres").textContent);
  const responsible = () => known.responsible[residence.value] || known.responsible[`${residence.value.slice(0, 4)}00`] || null;
  const proposed = () => {
    if (!known.isDesk) return centre.options[centre.options.length - 1].value;
    return residence.value ? responsible()?.[0] || "" : known.unknown;
  };
  let chosen = Boolean(centre.value) && centre.value !== proposed();
  function reason() {
    const found = responsible();
    if (!known.isDesk) return found && found[0] !== centre.value ? "here" : "";
    if (!residence.value) return centre.value && centre.value === known.unknown ? "desk" : "unknown";
    if (!found) return "none";
    if (centre.value !== found[0]) return "other";
    return known.responsible[residence.value] ? "county" : "prefecture";
  }
  function say() {
    const values = { centre: responsible()?.[1] || "", county: residence.selectedOptions[0]?.textContent || "" };
    const words = (known.sentences[reason()] || "").replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
    if (why.textContent !== words) why.textContent = words;
  }
  function propose() {
    hint.hidden = !(residence.value && registration.value && residence.value !== registration.value);
    if (!chosen) centre.value = proposed();
    say();
  }
  centre.addEventListener("change", () => { chosen = Boolean(centre.value); if (!chosen) centre.value = proposed(); say(); });
  residence.addEventListener("change", propose);
  registration.addEventListener("change", propose);
  propose();
})();
