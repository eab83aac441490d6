// Who am I here, and what may I do? The id that somebody else needs in order to give a role.
import { copy, h } from "../vote/dom.js";
import { notice } from "../vote/notice.js";
import { ROOT } from "../vote/addresses.js";
import { session } from "../vote/session.js";
import { read } from "./api.js";
import { say } from "./language.js";

const ME = "query Me { viewer { id roles grants { role campaign } } }";

/** The viewer's id and roles. */
export async function meView(desk, isStaff) {
  const { viewer } = await read(ME);
  const copied = async () => notice(say((await copy(viewer.id)) ? "copied" : "failed"));
  const id = h("p", { class: "id" }, h("code", { id: "viewer-id" }, viewer.id), " ", h("button", { type: "button", onclick: copied }, say("copyId")));
  const grants = viewer.grants.map(({ role, campaign }) => h("li", {}, say(`role_${role}`), " · ", campaign || say("everyCampaign")));
  const others = viewer.roles.filter((role) => !viewer.grants.some((grant) => grant.role === role)).map((role) => h("li", {}, say(`role_${role}`)));
  return h(
    "div",
    { class: "wide narrow" },
    h("h1", {}, say(isStaff ? "me" : "noRole")),
    !isStaff && h("p", {}, say("noRoleHelp")),
    !isStaff && h("p", {}, h("a", { href: `${ROOT}/campaigns` }, say("toVoting"))),
    h("h2", {}, say("yourId")),
    id,
    h("p", { class: "quiet" }, say("yourIdHelp")),
    h("h2", {}, say("yourRoles")),
    h("ul", {}, others, grants),
    h("p", {}, h("button", { type: "button", onclick: () => session.end() }, say("signOut"))),
  );
}
