// What has come of it? The announced outcome, the last stage first, with what anybody needs to check it.
import { h } from "../dom.js";
import { ask, askPublic, persist } from "../graphql.js";
import { langOf, say } from "../language.js";
import { session } from "../session.js";
import { report } from "./report.js";
import { stageSection } from "./stage.js";
import { ready } from "./styles.js";
import { stateIn, winners } from "./winning.js";

const OUTCOME = `
  query Outcome($slug: String!) {
    campaign(slug: $slug) {
      phase
      awards { code name seats }
      publication { state }
      stages {
        code name seats status
        selection {
          state version digest seats vacant decisionReason announcedAt objectionsUntil confirmedAt
          rows { project { id } score rank selected vacates award { code } inputs { source value normalised weight weighted } }
          ties { projects { id } explanation }
          annexes { at reason before after changes { project { id } wasSelected isSelected wasRank isRank wasAward { name } isAward { name } } }
          unreviewed { id }
          objections { number text at answer answeredAt project { id } }
        }
      }
    }
  }`;

/** The view. Whoever is signed in may see more than everybody: staff see what is still provisional. */
export async function winnersView(campaign, candidates) {
  ready();
  const variables = { slug: campaign.slug };
  const read = () => (session.token ? ask(OUTCOME, variables, session.token) : askPublic(OUTCOME, variables));
  const { phase, awards, publication, stages } = (await persist(read)).campaign;
  const known = { campaign, awards, candidates, byId: campaign.byId };
  const decided = stages.filter(({ selection }) => selection !== null).reverse();
  return h(
    "section",
    { class: "wide outcome-view", "aria-labelledby": "outcome" },
    h("div", { class: "head" }, h("h2", { id: "outcome" }, say("outcome")), publication && h("p", {}, stateIn(publication.state))),
    decided.length > 0 ? decided.map((stage, at) => stageSection(stage, known, at === 0, publication && publication.state)) : withoutSelection(known),
    isOver(phase) && stages.every(({ status }) => status === "DECIDED") && report(campaign),
  );
}

/** Whether everything that was announced is confirmed: from then on the report is for everybody. */
const isOver = (phase) => phase === "PUBLISHED" || phase === "ARCHIVED";

/** What the candidates tell themselves, where no stage's arithmetic is known: those with an award, the other winners, the finalists. */
function withoutSelection({ awards, candidates }) {
  const groups = [
    ...awards.map(({ code, name, seats }) => [name, candidates.filter(({ award }) => award !== null && award.code === code), seats]),
    [say("WINNER"), candidates.filter(({ award, outcome }) => award === null && outcome === "WINNER"), 0],
    [say("FINALIST"), candidates.filter(({ outcome }) => outcome === "FINALIST"), 0],
  ].filter(([, projects]) => projects.length > 0);
  if (groups.length === 0) return h("p", { class: "nothing" }, say("notYet"));
  return groups.map(([name, projects], at) => h("section", { class: "verdict" }, h("h3", { lang: langOf(name) }, name), winners(projects, at === 0)));
}
