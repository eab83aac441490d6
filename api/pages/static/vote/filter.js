// Which candidates does somebody want to see? Words, a district, a theme, and beside each how many there are of it.
import { h, whenTyped } from "./dom.js";
import { tab } from "./kept.js";
import { count, say } from "./language.js";
import { isOneByOne, isPast } from "./rules.js";
import { meets } from "./searching.js";

const EVERYTHING = { search: "", district: "", theme: "", chosen: false };

/**
 * The form, with more beside its choices. apply is called with what is wanted whenever that changes, and by begin at first. recount
 * has each choice say how many candidates there are of it, under what is wanted besides and was found.
 */
export function filterForm(campaign, candidates, apply, more) {
  const kept = `filter:${campaign.slug}`;
  const wanted = { ...EVERYTHING, ...tab.recall(kept) };
  const want = (name, value) => {
    wanted[name] = value;
    tab.keep(kept, wanted);
    apply(wanted);
  };
  const there = new Set(candidates.flatMap((project) => project.themes.map(({ code }) => code)));
  const themes = campaign.themes.filter(({ code }) => there.has(code)).map(({ code, name }) => [code, name]);
  const city = candidates.some(({ level }) => level === "MUNICIPAL") ? [["CITY", say("municipal")]] : [];
  const places = [...city, ...campaign.districts.map(({ code, name }) => [code, name])];
  const noChoice = isPast(campaign) || isOneByOne(campaign);
  const search = h("input", {
    type: "search", "aria-label": say("search"), placeholder: say("search"), autocomplete: "off", enterkeyhint: "search", value: wanted.search,
  });
  whenTyped(search, (text) => want("search", text));
  if (noChoice) wanted.chosen = false; // nobody could take it back
  const chosen = h("input", { type: "checkbox", checked: wanted.chosen, onchange: (event) => want("chosen", event.target.checked) });
  const choices = [
    choice("district", [["", say("everyDistrict")], ...places], wanted, want),
    choice("theme", [["", say("everyTheme")], ...themes], wanted, want),
  ];
  const form = h(
    "form",
    { class: "filter", role: "search", "aria-label": say("filters"), onsubmit: (event) => event.preventDefault() },
    search,
    choices,
    more,
    !noChoice && h("label", { class: "check" }, chosen, say("chosenOnly")),
  );
  form.addEventListener("clear", () => {
    for (const select of choices.filter(Boolean)) select.value = "";
    search.value = "";
    chosen.checked = false;
    Object.assign(wanted, EVERYTHING);
    search.dispatchEvent(new Event("input")); // so that it is known what is typed
    want("search", "");
    search.focus();
  });
  const recount = (now, draft) => choices.filter(Boolean).forEach((select) => countEach(select, candidates, now, draft));
  return { form, recount, begin: () => apply(wanted) };
}

function choice(name, options, wanted, want) {
  if (!options.some(([value]) => value === wanted[name])) wanted[name] = ""; // it was kept from a campaign as it was before
  const made = options.map(([value, label]) => h("option", { value, selected: value === wanted[name], "data-name": label }, label));
  return options.length > 1 && h("select", { name, "aria-label": say(name), onchange: (event) => want(name, event.target.value) }, made);
}

function countEach(select, candidates, wanted, draft) {
  const others = candidates.filter((project) => meets(project, { ...wanted, [select.name]: "" }, draft));
  for (const option of select.options) {
    const { length } = others.filter((project) => meets(project, { [select.name]: option.value }, draft));
    option.textContent = say("counted", { name: option.dataset.name, count: count(length) });
  }
}
