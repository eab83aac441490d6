// Who has won? A list of projects, large for those that it is all about.
import { h } from "../dom.js";
import { count, langOf, say } from "../language.js";

/** A badge with where the outcome stands. */
export const stateIn = (state) => h("span", { class: `state-badge ${state.toLowerCase()}` }, say(state));

/** A project as it is spoken of among others. */
export const titleOf = ({ id }, { byId }) => `${say("number", byId.get(id))} ${byId.get(id).title}`;

/** Projects as a list, each a link to its detail. */
export function winners(projects, large) {
  const entry = ({ number, title, organization }) =>
    h(
      "li",
      {},
      h("span", { class: "number", "aria-hidden": "true" }, String(number).padStart(2, "0")),
      h("a", { href: `#/candidate/${number}`, lang: langOf(title) }, title),
      large && organization && h("span", { class: "quiet", lang: langOf(organization) }, organization),
    );
  return h("ul", { class: `winners${large ? " large" : ""}` }, projects.map(entry));
}

/** The selected of a stage by their awards, in the awards' order, and then those without one. */
export function byAward(rows, { awards, byId }, large) {
  const selected = rows.filter((row) => row.selected);
  const of = (code) => selected.filter(({ award }) => (award === null ? null : award.code) === code).map(({ project }) => byId.get(project.id));
  const isGiven = selected.some(({ award }) => award !== null);
  const groups = isGiven ? awards.map((award) => awarded(award, of(award.code), large)) : [];
  const others = of(null);
  return [groups, others.length > 0 && [isGiven && h("h4", {}, say("selected")), winners(others, large)]];
}

function awarded({ name, seats }, projects, large) {
  const vacant = seats - projects.length;
  return h(
    "section",
    { class: "award" },
    h("h4", { lang: langOf(name) }, name),
    projects.length > 0 && winners(projects, large),
    vacant > 0 && h("p", { class: "quiet" }, say("awardVacant", { count: count(vacant) })),
  );
}
