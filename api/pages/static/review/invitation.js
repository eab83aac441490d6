// How does somebody become an expert here? By the code of an invitation, which comes behind the hash of a link or is typed, or by who he is.
import { fill, h } from "../vote/dom.js";
import { tab } from "../vote/kept.js";
import { notice } from "../vote/notice.js";
import { PROBLEMS, act, wordsOf } from "./api.js";
import { say } from "./language.js";
import { addressOf } from "./routes.js";

const ACCEPT = `mutation Accept($code: String, $campaign: String) {
  acceptInvitation(code: $code, campaign: $campaign) { expert { id name } ${PROBLEMS} }
}`;
const CODE = "invitation"; // kept until it is used: whoever comes with a link has to sign in first

/** Take a code out of the address, so that it is neither bookmarked nor seen over a shoulder, and keep it in this tab. */
export function takeCode() {
  const given = /^#code=([^&]+)/.exec(location.hash);
  if (given === null) return;
  tab.keep(CODE, decodeURIComponent(given[1]));
  history.replaceState(null, "", `${location.pathname}#/`);
}

export const waitingCode = () => tab.recall(CODE);

/** Accept what came with the link; the campaign's address, or null with a notice of what was in the way. */
export async function acceptWaiting() {
  const code = waitingCode();
  const { expert, problems } = await act(ACCEPT, { code });
  tab.keep(CODE, null);
  return accepted(expert, problems);
}

function accepted(expert, problems) {
  if (expert === null) {
    notice(problems.map(({ message }) => message).join(" "));
    return null;
  }
  notice(say("welcome", expert));
  return addressOf(expert.id.split("/")[1]);
}

/** A form for a code, and where a campaign is named, the way for those who are invited by who they are. */
export function invitationForm(campaign, goTo) {
  const field = h("input", { id: "code", required: true, autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: "200" });
  const problem = h("p", { class: "problem", role: "alert" });
  const accept = async (variables) => {
    fill(problem, say("working"));
    try {
      const { expert, problems } = await act(ACCEPT, variables);
      fill(problem, problems.map(({ message }) => h("span", {}, message)));
      if (expert !== null) goTo(accepted(expert, problems));
    } catch (error) {
      fill(problem, wordsOf(error));
    }
  };
  const submit = (event) => {
    event.preventDefault();
    accept({ code: codeIn(field.value) });
  };
  return h(
    "section",
    { class: "invitation" },
    h("form", { onsubmit: submit }, h("label", { for: "code" }, say("codeIs")), h("div", { class: "row" }, field, h("button", { class: "main" }, say("accept")))),
    campaign && h("p", { class: "quiet" }, say("byClaim"), " ", h("button", { type: "button", class: "link", onclick: () => accept({ campaign }) }, say("acceptByClaim"))),
    problem,
  );
}

/** A code, or the whole link that holds one. */
const codeIn = (text) => text.trim().replace(/^.*#code=/, "");
