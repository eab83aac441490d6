// What looks odd about the ballots, and what is done about it? Crowds of ballots, and the rulings on them.
import { h } from "../vote/dom.js";
import { count, moment } from "../vote/language.js";
import { openAct } from "./act-dialog.js";
import { act, read, unread } from "./api.js";
import { headOf, loaded } from "./loaded.js";
import { say } from "./language.js";
import { mayRun } from "./rights.js";

const SUSPICIONS = `query Suspicions($campaign: String, $after: String) {
  suspicions(campaign: $campaign, first: 20, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id kind firstAt lastAt ballotCount held voided ballots(first: 3) { id castAt projects { number title } } }
  }
}`;
const RULINGS = { hold: "holdBallots", release: "releaseBallots", void: "voidBallots" };
const ruling = (name) => `mutation Rule($input: RulingInput!, $campaign: String) {
  ${name}(input: $input, campaign: $campaign) { ballots { id } problems { ballotId code message } more }
}`;
const REASON = { key: "reason", kind: "paragraph", label: "reason", required: true, help: "rulingReasonHelp" };

/** The suspicions about a campaign's ballots, the newest first. */
export async function suspicionsView(desk, slug, again) {
  const campaign = await loaded(slug);
  const list = h("ul", { class: "suspicions" });
  const more = h("button", { type: "button", class: "show-more", hidden: true }, say("showMore"));
  let after = null;
  const next = async () => {
    const { suspicions } = await read(SUSPICIONS, { campaign: slug, after });
    after = suspicions.pageInfo.endCursor;
    more.hidden = !suspicions.pageInfo.hasNextPage;
    list.append(...suspicions.nodes.map((suspicion) => one(suspicion, campaign, desk, again)));
    return suspicions.totalCount;
  };
  more.addEventListener("click", () => next().catch(unread));
  const total = await next();
  return h("div", { class: "wide" }, headOf(campaign, "suspicions"), h("p", { class: "quiet" }, say("suspicionsHelp")), total === 0 && h("p", {}, say("noSuspicions")), list, more);
}

function one(suspicion, campaign, desk, again) {
  const { kind, firstAt, lastAt, ballotCount, held, voided, ballots } = suspicion;
  const at = (instant) => moment(instant, campaign.timeZone);
  const open = { hold: ballotCount - held - voided, release: held, void: ballotCount - voided };
  const acts = mayRun(desk, campaign.slug) ? Object.keys(RULINGS).filter((name) => open[name] > 0) : [];
  return h(
    "li",
    { class: "card" },
    h("h2", {}, say(`suspicion_${kind}`)),
    h("p", {}, say("suspicionOf", { ballots: count(ballotCount), held: count(held), voided: count(voided) })),
    h("p", { class: "quiet" }, say("fromTo", { from: at(firstAt), to: at(lastAt) })),
    ballots && h("details", {}, h("summary", {}, say("firstBallots")), h("ul", {}, ballots.map((ballot) => h("li", {}, at(ballot.castAt), say("colon"), ballot.projects.map(({ number }) => number).join(say("comma")))))),
    h("p", { class: "row" }, acts.map((name) => h("button", { type: "button", onclick: () => openRuling(name, suspicion, open[name], campaign, desk, again) }, say(`act_${name}Ballots`)))),
  );
}

function openRuling(name, suspicion, ballots, campaign, desk, done) {
  openAct({
    title: say(`act_${name}Ballots`), effects: [1, 2, 3].map((n) => say(`${name}Ballots_does${n}`, { ballots: count(ballots) })),
    fields: [REASON], campaign, final: name === "void", done, signInMethods: desk.signInMethods,
    act: ({ reason = "" }) => ruleOnAll(RULINGS[name], suspicion, reason, campaign.slug),
  });
}

/** A ruling covers so many ballots at a time; it is sent until it has covered all. Once more does no harm. */
async function ruleOnAll(name, suspicion, reason, campaign) {
  const input = { ballots: { suspicion: suspicion.id }, reason };
  let payload;
  do {
    payload = await act(ruling(name), { input, campaign });
  } while (payload.more && payload.problems.length === 0);
  return { problems: payload.problems.map((problem) => ({ ...problem, path: [] })) };
}
